import type { MessagesWaitOptions } from '../connection/wait-options.ts';
import { compileSeveral, messagesOptionNames, waitForSeveralMessages } from '../connection/wait-for-messages.ts';
import type { Expectation } from '../expectation/types.ts';
import { misuse } from '../support/errors.ts';
import { atUserLine, beginMatcher, toResult, type MatcherContext, type MatcherResult } from './context.ts';

/** Passes when each expectation is met by a message of its own: in this order, with none between, or in any order. */
export async function toReceiveMessages(
  this: MatcherContext,
  received: unknown,
  ...[expected, options]: [expected?: readonly Expectation[], options?: MessagesWaitOptions]
): Promise<MatcherResult> {
  const settings = beginMatcher(this, {
    name: 'toReceiveMessages',
    below: toReceiveMessages,
    received,
    argument: 'expected',
    options,
    optionNames: messagesOptionNames,
  });
  const { wait } = atUserLine(settings.site, () => {
    if (this.isNot === true) {
      throw misuse(
        'WS_INVALID_EXPECTATION',
        'Cannot use not.toReceiveMessages: it would not say which message is unwanted\n  Write expect(client).not.toReceiveMessage(expected) for each.',
      );
    }
    const expectations = compileSeveral('toReceiveMessages', expected, messagesOptionNames);
    return waitForSeveralMessages(settings, expectations, { after: options?.after, order: options?.order });
  });
  return toResult(this, await wait.ended);
}
