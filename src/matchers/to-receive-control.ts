import { controlPayload } from '../connection/sender.ts';
import type { WaitOptions } from '../connection/wait-options.ts';
import { Wait } from '../connection/waits.ts';
import { ControlWatch } from '../connection/watch-control.ts';
import { now } from '../support/clock.ts';
import { atUserLine, beginMatcher, toResult, type MatcherContext, type MatcherResult } from './context.ts';

/** The payload of a ping or pong: text or bytes. */
export type ControlPayload = string | ArrayBufferView | ArrayBuffer;

/** Options of `not.toReceivePing` and `not.toReceivePong`. */
export interface NotToReceiveControlOptions extends WaitOptions {
  /**
   * How long none may come, in milliseconds.
   *
   * @default 100
   */
  readonly quietFor?: number | undefined;
}

const defaultQuietForMs = 100;

type ControlArguments = [data?: ControlPayload, options?: NotToReceiveControlOptions];

/** Passes when an unclaimed ping of the server came, or comes, and claims it. */
export async function toReceivePing(
  this: MatcherContext,
  received: unknown,
  ...[data, options]: ControlArguments
): Promise<MatcherResult> {
  return await judgeControl(
    this,
    { name: 'toReceivePing', below: toReceivePing, received, opcode: 'ping' },
    { data, options },
  );
}

/** Passes when an unclaimed pong that answers none of our pings came, or comes, and claims it. */
export async function toReceivePong(
  this: MatcherContext,
  received: unknown,
  ...[data, options]: ControlArguments
): Promise<MatcherResult> {
  return await judgeControl(
    this,
    { name: 'toReceivePong', below: toReceivePong, received, opcode: 'pong' },
    { data, options },
  );
}

interface ControlCall {
  readonly name: string;
  readonly below: Function;
  readonly received: unknown;
  readonly opcode: 'ping' | 'pong';
}

async function judgeControl(
  context: MatcherContext,
  { below, name, opcode, received }: ControlCall,
  { data, options }: { readonly data: unknown; readonly options: NotToReceiveControlOptions | undefined },
): Promise<MatcherResult> {
  const isUnwanted = context.isNot === true;
  const optionNames = isUnwanted ? ['quietFor', 'signal'] : ['timeout', 'signal'];
  const argument = data === undefined ? '' : 'data';
  const settings = beginMatcher(context, { name, below, received, argument, options, optionNames });
  const payload = atUserLine(settings.site, () => (data === undefined ? undefined : controlPayload(data, name)));
  const watch = new ControlWatch({ opcode, payload, isUnwanted });
  const window = options?.quietFor ?? defaultQuietForMs;
  const limits = isUnwanted ? { timeout: window, deadline: now() + window } : {};
  return toResult(context, await Wait.start({ ...settings, ...limits }, watch).ended);
}
