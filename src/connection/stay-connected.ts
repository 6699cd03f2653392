import { formatMs } from '../explain/call-log.ts';
import { now } from '../support/clock.ts';
import { passed } from './wait-error.ts';
import { Wait, type WaitSettings } from './waits.ts';
import { StateWatch } from './watch-state.ts';

/**
 * Resolves when the time has passed on an open connection; rejects at once when it closes. A gap that `reconnect` has
 * closed by then does not matter.
 */
export async function stayConnected(settings: WaitSettings, ms: number): Promise<void> {
  const watch = new StateWatch({
    subject: { expected: () => `to stay connected for ${formatMs(ms)}`, received: () => 'a close' },
    judge: () => undefined,
    passesAtDeadline: true,
  });
  await passed(Wait.start({ ...settings, timeout: ms, deadline: now() + ms }, watch).ended);
}
