import { anyMessage } from '../expectation/any-message.ts';
import { compileExpectation } from '../expectation/compile.ts';
import type { LoggedMessage } from '../frames/message.ts';
import type { WaitSettings } from './waits.ts';
import { waitForOneMessage } from './wait-for-messages.ts';

/** Claims each message in order of arrival; ends when the connection has closed and the buffer is empty. */
export async function* iterateMessages(settings: WaitSettings): AsyncGenerator<LoggedMessage, void> {
  const expectation = compileExpectation(anyMessage, { method: settings.method, optionNames: [] });
  for (;;) {
    const { wait, watch } = waitForOneMessage({ ...settings, timeout: 0, isBackground: true }, expectation, {});
    const { outcome } = await wait.ended;
    if (outcome?.kind !== 'passed') return;
    yield watch.take()[0];
  }
}
