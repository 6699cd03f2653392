import { anyMessage } from '../expectation/any-message.ts';
import { compileExpectation, matchedMessage } from '../expectation/compile.ts';
import { compileCorrelation } from '../expectation/correlation.ts';
import type { LoggedMessage } from '../frames/message.ts';
import { misuse } from '../support/errors.ts';
import type { Sent } from './sender.ts';
import { resultOf } from './wait-error.ts';
import { Wait, type WaitSettings } from './waits.ts';
import { MessageWatch } from './watch-messages.ts';
import type { RequestOptions } from './web-socket-client.ts';

const optionNames = ['correlate', 'timeout', 'signal'];

/** Sends in this turn and waits for the reply among later messages. */
export function sendRequest(
  settings: WaitSettings,
  data: unknown,
  { correlate, expected }: { readonly expected: unknown } & Pick<RequestOptions, 'correlate'>,
): LoggedMessage | Promise<LoggedMessage> {
  checkRequest(expected, correlate);
  const expectation = compileExpectation(expected, { method: 'request', optionNames });
  const where = correlate === undefined ? undefined : compileCorrelation(correlate, data);
  const reply = ({ flush, frame }: Sent): LoggedMessage | Promise<LoggedMessage> => {
    const watch = new MessageWatch({ expectations: [expectation], where, after: frame, isAnswer: true });
    const wait = Wait.start(settings, watch);
    // A request that never left needs no timeout to be told apart from one that nobody answered.
    flush.onEnd((error) => {
      if (error !== undefined) wait.end({ kind: 'failed', error });
    });
    return resultOf(wait, () => matchedMessage(expectation, watch.take()[0]));
  };
  const sent = settings.connections[0].sender.send(data);
  return sent instanceof Promise ? sent.then(reply) : reply(sent);
}

function checkRequest(expected: unknown, correlate: unknown): void {
  if (expected !== anyMessage || correlate !== undefined) return;
  throw misuse(
    'WS_INVALID_ARGUMENT',
    "Cannot send a request without saying what its reply is\n  Write request(data, { type: 'reply' }) or request(data, anyMessage, { correlate: 'id' }).",
  );
}
