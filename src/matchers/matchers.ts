import { toBeClosed } from './to-be-closed.ts';
import { toBeOpen } from './to-be-open.ts';
import { toHaveReceivedMessage, toHaveReceivedMessageCount, toHaveSentMessage } from './to-have-messages.ts';
import { toHaveSubprotocol } from './to-have-subprotocol.ts';
import { toMeetThresholds } from './to-meet-thresholds.ts';
import { toReceivePing, toReceivePong } from './to-receive-control.ts';
import { toReceiveMessage } from './to-receive-message.ts';
import { toReceiveMessages } from './to-receive-messages.ts';

/** The matchers by their names. A type, since an interface is no record of functions to `expect.extend`. */
export type Matchers = {
  readonly toReceiveMessage: typeof toReceiveMessage;
  readonly toReceiveMessages: typeof toReceiveMessages;
  readonly toHaveReceivedMessage: typeof toHaveReceivedMessage;
  readonly toHaveReceivedMessageCount: typeof toHaveReceivedMessageCount;
  readonly toHaveSentMessage: typeof toHaveSentMessage;
  readonly toBeOpen: typeof toBeOpen;
  readonly toBeClosed: typeof toBeClosed;
  readonly toHaveSubprotocol: typeof toHaveSubprotocol;
  readonly toReceivePing: typeof toReceivePing;
  readonly toReceivePong: typeof toReceivePong;
  readonly toMeetThresholds: typeof toMeetThresholds;
};

/**
 * All matchers, for `expect.extend(matchers)` of Playwright's expect or of the standalone one.
 *
 * @example In a script
 * ```ts
 * import { expect } from 'expect';
 * import { connect, matchers } from 'playwright-ws/client';
 *
 * expect.extend(matchers);
 * ```
 */
export const matchers: Matchers = {
  toReceiveMessage,
  toReceiveMessages,
  toHaveReceivedMessage,
  toHaveReceivedMessageCount,
  toHaveSentMessage,
  toBeOpen,
  toBeClosed,
  toHaveSubprotocol,
  toReceivePing,
  toReceivePong,
  toMeetThresholds,
};
