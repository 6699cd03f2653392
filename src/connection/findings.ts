import type { CallSite } from '../support/call-site.ts';

/** What can be found at the end of a test, and what each kind means. */
export const findingKinds = {
  pendingWait: 'A wait, a connect or a send that was still pending: it was not awaited.',
  unawaitedFailure: 'A send, a wait or another operation that failed, and nobody awaited it.',
  uncalledHandler: 'A handler of `message` that was never called, or a `client.setTimeout` that had not fired.',
  handlerError: 'A handler, predicate, timer or codec that threw or rejected, or an assertion in it that failed.',
  unexpectedClose: 'A connection that failed or closed, and the test did not expect it.',
  protocolError: 'A peer that broke RFC 6455 or a limit of the client.',
  invalidMessage: 'A message that violates the `schema` or that the `codec` cannot decode.',
} as const;

export type FindingKind = keyof typeof findingKinds;

/** Which kinds are judged; a kind that is not named is. */
export type FindingSwitches = { readonly [Kind in FindingKind]?: boolean | undefined };

/** Something that fails the test at its end. */
export interface Finding {
  readonly kind: FindingKind;
  readonly text: string;
  readonly site: CallSite | undefined;
  /** The error behind it, when there is one. */
  readonly error?: unknown;
}

/** Who collects findings: the registry of a test. */
export interface FindingSink {
  report(finding: Finding): void;
}
