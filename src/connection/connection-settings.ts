import type { CompiledExpectation } from '../expectation/compile.ts';
import type { Codec } from '../frames/codec.ts';
import type { CallSite } from '../support/call-site.ts';
import type { Redactor } from '../support/redactor.ts';
import type { CompiledAutoReply } from './auto-replies.ts';
import type { Holder } from './claim-queue.ts';
import type { Connection } from './connection.ts';
import type { FindingSink, FindingSwitches } from './findings.ts';
import type { StepFacts } from './observer.ts';
import type { WaitRecord } from './wait-record.ts';

/** What a connection is made of; options checked and defaults applied. */
export interface ConnectionSettings {
  readonly name: string;
  readonly url: string;
  /** Where the user asked for it. */
  readonly site: CallSite;
  readonly waitTimeout: number;
  readonly closeTimeout: number;
  /** Bytes; `undefined` for the default of the frame log. */
  readonly maxMemory?: number | undefined;
  readonly codec: Codec | undefined;
  /** The schema as a function that throws what makes a value a violation. */
  readonly validate: ((value: unknown) => unknown) | undefined;
  readonly failsOnInvalidMessage: boolean;
  readonly keepAlive: number | undefined;
  readonly autoPong: boolean;
  readonly autoReplies: readonly CompiledAutoReply[];
  readonly ignore: CompiledExpectation | undefined;
  readonly signal: AbortSignal | undefined;
  readonly findings: FindingSwitches;
}

/** Who owns connections: the registry of a test. */
export interface ConnectionOwner extends FindingSink {
  waitEnded(record: WaitRecord): void;
  /** What stays of a wait that has passed, as who claimed its messages; without, the wait itself. */
  claimant?(record: WaitRecord): Holder;
  /** Throws when the owner has ended; the error names both lines. */
  assertUsable(connection: Connection, site: CallSite | undefined): void;
  /** Shows what the connection does by itself. */
  showStep?(facts: StepFacts, connection: Connection, running: Promise<unknown>): void;
  /** Knows the secrets of all its connections; without, each connection has its own. */
  readonly redactor?: Redactor;
}
