import { CallSite } from '../support/call-site.ts';
import type { MatcherResult } from './context.ts';
import type { Matchers } from './matchers.ts';

let provided: Matchers | undefined;
/** The line from which the user called the matcher that begins in this turn. */
let entered: CallSite | undefined;

/** Called by whoever makes clients: from then on a matcher begins in its caller's turn. */
export function provideMatchers(matchers: Matchers): void {
  provided = matchers;
}

/** The user's line, seen from a matcher: below the one that stands for it, if there is one. */
export function siteBelow(matcher: Function): CallSite {
  return entered ?? CallSite.capture(matcher);
}

/**
 * Matchers that are loaded when one is called: a test file that uses none, and the process that only lists tests, need
 * not read what they are made of. Whoever has a client has loaded them.
 *
 * @param load For a call without a client, which is a mistake.
 */
export function lateMatchers(load: () => Promise<Matchers>): Matchers {
  async function enterLate(site: CallSite, call: MatcherCall): Promise<MatcherResult> {
    return await enterFrom(site, await load(), call);
  }
  function enter(below: Function, call: MatcherCall): Promise<MatcherResult> {
    const site = CallSite.capture(below);
    return provided === undefined ? enterLate(site, call) : enterFrom(site, provided, call);
  }
  const late: Matchers = {
    toReceiveMessage(...args) {
      return enter(late.toReceiveMessage, (all) => all.toReceiveMessage.apply(this, args));
    },
    toReceiveMessages(...args) {
      return enter(late.toReceiveMessages, (all) => all.toReceiveMessages.apply(this, args));
    },
    toHaveReceivedMessage(...args) {
      return enter(late.toHaveReceivedMessage, (all) => all.toHaveReceivedMessage.apply(this, args));
    },
    toHaveReceivedMessageCount(...args) {
      return enter(late.toHaveReceivedMessageCount, (all) => all.toHaveReceivedMessageCount.apply(this, args));
    },
    toHaveSentMessage(...args) {
      return enter(late.toHaveSentMessage, (all) => all.toHaveSentMessage.apply(this, args));
    },
    toBeOpen(...args) {
      return enter(late.toBeOpen, (all) => all.toBeOpen.apply(this, args));
    },
    toBeClosed(...args) {
      return enter(late.toBeClosed, (all) => all.toBeClosed.apply(this, args));
    },
    toHaveSubprotocol(...args) {
      return enter(late.toHaveSubprotocol, (all) => all.toHaveSubprotocol.apply(this, args));
    },
    toReceivePing(...args) {
      return enter(late.toReceivePing, (all) => all.toReceivePing.apply(this, args));
    },
    toReceivePong(...args) {
      return enter(late.toReceivePong, (all) => all.toReceivePong.apply(this, args));
    },
    toMeetThresholds(...args) {
      return enter(late.toMeetThresholds, (all) => all.toMeetThresholds.apply(this, args));
    },
  };
  return late;
}

type MatcherCall = (matchers: Matchers) => Promise<MatcherResult>;

function enterFrom(site: CallSite, matchers: Matchers, call: MatcherCall): Promise<MatcherResult> {
  entered = site;
  try {
    return call(matchers);
  } finally {
    entered = undefined;
  }
}
