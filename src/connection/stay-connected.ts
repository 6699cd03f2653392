import { formatMs } from '../explain/call-log.ts';
import { now } from '../support/clock.ts';
import type { Connection } from './connection.ts';
import { passed } from './wait-error.ts';
import { Wait, type WaitSettings } from './waits.ts';
import { StateWatch } from './watch-state.ts';

/** Connections whose user is to leave: nothing is stayed for any more. */
const leaving = new WeakSet<Connection>();

/** Ends what `stay` waits for on a connection, now and from now on: a load run stops. */
export function endStays(connection: Connection): void {
  leaving.add(connection);
  for (const wait of [...connection.waits]) if (wait.record.method === 'stay') wait.pass();
}

/**
 * Resolves when the time has passed on an open connection; rejects at once when it closes. A gap that `reconnect` has
 * closed by then does not matter. Resolves early when a load run stops.
 */
export async function stayConnected(settings: WaitSettings, ms: number): Promise<void> {
  if (settings.connections.some((connection) => leaving.has(connection))) return;
  const watch = new StateWatch({
    subject: { expected: () => `to stay connected for ${formatMs(ms)}`, received: () => 'a close' },
    judge: () => undefined,
    passesAtDeadline: true,
  });
  await passed(Wait.start({ ...settings, timeout: ms, deadline: now() + ms }, watch).ended);
}
