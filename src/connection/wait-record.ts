import type { CompiledExpectation } from '../expectation/compile.ts';
import type { Position } from '../frames/mark.ts';
import type { LoggedMessage } from '../frames/message.ts';
import type { CallSite } from '../support/call-site.ts';
import type { CloseInfo } from '../support/errors.ts';
import type { Connection } from './connection.ts';

/** How a wait ended. Only `passed` is a success. */
export type Outcome =
  | { readonly kind: 'passed' }
  /** The deadline came first. */
  | { readonly kind: 'timeout' }
  /** A connection of the wait closed first. */
  | { readonly kind: 'closed'; readonly connection: Connection; readonly closeInfo: CloseInfo }
  | { readonly kind: 'aborted'; readonly reason: unknown }
  /** `where` selected the message, and it does not meet the expectation. */
  | { readonly kind: 'mismatch'; readonly connection: Connection; readonly message: LoggedMessage }
  /** It met the expectation, but came before `notBefore` or after `within`. */
  | {
      readonly kind: 'early' | 'late';
      readonly connection: Connection;
      readonly message: LoggedMessage;
      readonly after: number;
      readonly limit: number;
    }
  /** Under `.not`: it met the expectation. */
  | { readonly kind: 'unwanted'; readonly connection: Connection; readonly message: LoggedMessage }
  /** More than were wanted. */
  | { readonly kind: 'overshoot'; readonly connection: Connection; readonly count: number }
  /** A state was found that can no longer become the expected one. */
  | { readonly kind: 'state'; readonly text: string; readonly connection: Connection }
  /** The window of a fence could not be ended. */
  | { readonly kind: 'fence'; readonly text: string }
  /** What was waited for was tried and failed. */
  | { readonly kind: 'failed'; readonly error: Error }
  /** The expectation cannot be judged. */
  | { readonly kind: 'misuse'; readonly error: Error }
  /** The test ended while the wait was pending. */
  | { readonly kind: 'ended'; readonly reason: EndReason };

/** Why the owner of the clients ended: its time ran out, or its code came to an end. */
export type EndReason = 'timedOut' | 'finished';

/** Which option set a wait's deadline. */
export type WaitLimit = 'timeout' | 'within';

/** A message that met a wait's expectation after the deadline. */
export interface LateArrival {
  readonly message: LoggedMessage;
  /** Milliseconds after the wait ended. */
  readonly after: number;
}

/** One wait, pending or ended, as failures, findings and the evidence see it. */
export interface WaitRecord {
  /** Name of the method or matcher, `toReceiveMessage`. */
  readonly method: string;
  /** What was called, as failures show it: `expect(client).not.toReceiveMessage(expected)`. */
  readonly call: string;
  site: CallSite | undefined;
  readonly connections: readonly Connection[];
  /** Milliseconds; 0 for no limit of its own. */
  readonly timeout: number;
  /** The option that `timeout` is the value of. */
  readonly limitedBy: WaitLimit;
  readonly startedAt: number;
  endedAt: number | undefined;
  outcome: Outcome | undefined;
  /** Of a wait that timed out: what came too late. */
  late: LateArrival | undefined;
  /** What was waited for, as facts for the failure. */
  readonly subject: WaitSubject;
}

/** What a wait looks for. */
export interface WaitSubject {
  /** Text behind `Expected:`, evaluated only when the wait failed. */
  expected(): string;
  /** For waits on messages: the expectations in order. */
  readonly expectations?: readonly CompiledExpectation[];
  readonly where?: CompiledExpectation | undefined;
  readonly after?: Position | undefined;
  /** What ended the wait in place of a timeout: `3 sends, 10ms apart`. */
  readonly attempts?: (() => string) | undefined;
  /** Text behind `Received:`, where the messages alone do not tell it. */
  received?(connection: Connection): string;
  /** Messages among which the nearest one is looked for; without it, the unclaimed ones. */
  history?(connection: Connection): Iterable<LoggedMessage>;
  /** Positions of the expectations that no message of the connection met yet. */
  missing?(connection: Connection): readonly number[];
  /** Connections for which it does not hold yet. */
  failing?(): readonly Connection[];
  /** Messages it claimed or reserved. */
  held?(): readonly LoggedMessage[];
}
