import type { Connection } from '../connection/connection.ts';
import type { Outcome, WaitRecord, WaitSubject } from '../connection/wait-record.ts';
import { Wait, type WaitSettings } from '../connection/waits.ts';
import { StateWatch } from '../connection/watch-state.ts';
import type { MatcherContext } from './context.ts';

/** What a matcher of history or state looks at. */
export interface StateAssertion {
  readonly subject: Pick<WaitSubject, 'expected' | 'expectations' | 'history'>;
  /** Text behind `Expected:` under `.not`; `not` and the other text, unless it is given. */
  readonly contrary?: () => string;
  /** `passed`: it holds; another outcome: it can no longer hold; `undefined`: not yet. */
  readonly judge: (connection: Connection) => Outcome | undefined;
  /** What was found instead, for the failure. */
  readonly found: (connection: Connection) => string;
  /** Whether it may still come true on a closed connection. */
  readonly survivesClose?: boolean;
}

/** Waits until it holds; under `.not` judges this instant. */
export function runStateMatcher(
  context: MatcherContext,
  settings: WaitSettings,
  assertion: StateAssertion,
): Promise<WaitRecord> {
  const { judge, subject, survivesClose = false } = context.isNot === true ? negated(assertion) : assertion;
  const watch = new StateWatch({ subject: { ...subject, received: assertion.found }, judge, survivesClose });
  return Wait.start(settings, watch).ended;
}

function negated(assertion: StateAssertion): StateAssertion {
  const { contrary = () => `not ${assertion.subject.expected()}` } = assertion;
  return {
    ...assertion,
    subject: { expected: contrary },
    judge: (connection) => {
      const outcome = assertion.judge(connection);
      // What cannot be judged as written does not hold, and does not fail to hold either.
      if (outcome?.kind === 'misuse') return outcome;
      if (outcome?.kind !== 'passed') return { kind: 'passed' };
      return { kind: 'state', text: assertion.found(connection), connection };
    },
  };
}
