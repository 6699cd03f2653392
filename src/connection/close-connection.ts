import type { CloseInfo } from '../support/errors.ts';
import { resultOf, waitError } from './wait-error.ts';
import { Wait, type WaitSettings, type Watch } from './waits.ts';

/** Begins the closing handshake and waits for its end, which the transport bounds by `closeTimeout`. */
export function closeConnection(
  settings: WaitSettings,
  code: number | undefined,
  reason: string,
): CloseInfo | Promise<CloseInfo> {
  const [connection] = settings.connections;
  connection.closing.begin(code, reason);
  // Calling it expects nothing: a close that the server began before is still judged.
  const wait = Wait.start({ ...settings, timeout: 0 }, untilClosed);
  return resultOf(wait, () => closeInfoOf(wait));
}

/** Waits until the connection has closed; the close counts as expected then. */
export function waitUntilClosed(settings: WaitSettings): CloseInfo | Promise<CloseInfo> {
  const wait = Wait.start(settings, untilClosed);
  return resultOf(wait, () => {
    const info = closeInfoOf(wait);
    settings.connections[0].closing.isExpected = true;
    return info;
  });
}

function closeInfoOf({ record }: Wait): CloseInfo {
  const { closeInfo } = record.connections[0];
  if (closeInfo === undefined) throw waitError(record);
  return closeInfo;
}

/** A close ends every wait: this one is for nothing else. One for all, since it keeps nothing. */
const untilClosed: Watch = {
  subject: { expected: () => 'the connection to close', received: () => 'it is still open' },
  start: () => {},
  stop: () => {},
  closed: (wait) => wait.pass(),
};
