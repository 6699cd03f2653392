import { currentUserCode, type UserCodeRun } from '../connection/user-code.ts';

/**
 * Makes an `expect` tell handlers and timers of clients which of their assertions failed: a handler whose `catch` only
 * logs would pass otherwise. Outside of them the `expect` is the host's own.
 */
export function watchAssertions<E extends object>(expect: E): E {
  return new Proxy(expect, {
    apply(target, self, args) {
      return typeof target === 'function' ? watchHere(Reflect.apply(target, self, args)) : undefined;
    },
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      const watched = watchedReturns.get(name);
      if (watched === undefined || typeof member !== 'function') return member;
      return (...args: unknown[]) => watched(Reflect.apply(member, target, args));
    },
  });
}

/** Members of an `expect` that return another one, or assertions. */
const watchedReturns: ReadonlyMap<string | symbol, (returned: unknown) => unknown> = new Map([
  ['configure', watchReturned],
  ['extend', watchReturned],
  ['poll', watchHere],
]);

function watchReturned(expect: unknown): unknown {
  return typeof expect === 'function' ? watchAssertions(expect) : expect;
}

/** Assertions of a handler or timer tell it what failed; outside of them they are the host's own. */
function watchHere(assertions: unknown): unknown {
  const run = currentUserCode();
  return run === undefined ? assertions : watch(assertions, run);
}

/** Assertions, `not`, `resolves` and `rejects`: whatever fails behind them is told. */
function watch(assertions: unknown, run: UserCodeRun): unknown {
  if (typeof assertions !== 'object' || assertions === null) return assertions;
  return new Proxy(assertions, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return watch(member, run);
      return (...args: unknown[]) => tell(run, () => Reflect.apply(member, target, args));
    },
  });
}

function tell(run: UserCodeRun, assert: () => unknown): unknown {
  try {
    const result = assert();
    if (result instanceof Promise) result.catch((error: unknown) => run.assertionFailed(error));
    return result;
  } catch (error) {
    run.assertionFailed(error);
    throw error;
  }
}
