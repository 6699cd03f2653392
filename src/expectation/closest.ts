import type { LoggedMessage } from '../frames/message.ts';
import type { CompiledExpectation } from './compile.ts';

/** Messages that are looked at, the latest ones: 1,000 are ranked in some milliseconds. */
const searchedMessages = 1000;

/**
 * The message that comes nearest to the expectation among the last 1,000; of equally near ones the latest. `undefined`
 * when there is no message.
 */
export function closestMessage(
  expectation: CompiledExpectation,
  messages: Iterable<LoggedMessage>,
): LoggedMessage | undefined {
  let closest: LoggedMessage | undefined;
  let highest = -1;
  for (const message of lastOf(messages)) {
    const nearness = expectation.nearness(message);
    if (nearness < highest) continue;
    closest = message;
    highest = nearness;
  }
  return closest;
}

function lastOf(messages: Iterable<LoggedMessage>): LoggedMessage[] {
  const last: LoggedMessage[] = [];
  for (const message of messages) {
    last.push(message);
    // Cut in halves, so that dropping the old ones costs next to nothing a message.
    if (last.length === 2 * searchedMessages) last.splice(0, searchedMessages);
  }
  return last.slice(-searchedMessages);
}
