import type { CloseInfo } from '../support/errors.ts';
import { passed, waitError } from './wait-error.ts';
import { Wait, type WaitSettings, type Watch } from './waits.ts';

/** Begins the closing handshake and waits for its end, which the transport bounds by `closeTimeout`. */
export async function closeConnection(
  settings: WaitSettings,
  code: number | undefined,
  reason: string,
): Promise<CloseInfo> {
  const [connection] = settings.connections;
  connection.closing.begin(code, reason);
  // Calling it expects nothing: a close that the server began before is still judged.
  return await untilEnded({ ...settings, timeout: 0 });
}

/** Waits until the connection has closed; the close counts as expected then. */
export async function waitUntilClosed(settings: WaitSettings): Promise<CloseInfo> {
  const info = await untilEnded(settings);
  settings.connections[0].closing.isExpected = true;
  return info;
}

async function untilEnded(settings: WaitSettings): Promise<CloseInfo> {
  const wait = Wait.start(settings, untilClosed);
  await passed(wait.ended);
  const { closeInfo } = settings.connections[0];
  if (closeInfo === undefined) throw waitError(wait.record);
  return closeInfo;
}

/** A close ends every wait: this one is for nothing else. One for all, since it keeps nothing. */
const untilClosed: Watch = {
  subject: { expected: () => 'the connection to close', received: () => 'it is still open' },
  start: () => {},
  stop: () => {},
  closed: (wait) => wait.pass(),
};
