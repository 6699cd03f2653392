import { formatRate, formatTime, plural } from '../metrics/format.ts';
import { perSecond } from '../metrics/metrics.ts';
import type { LoadRun } from './load-run.ts';
import type { LoadPlan } from './profile.ts';

/** `20s of 1m00s, 50 users, 50 connections, 1234 iterations, 2 failed, 512 messages/s`. */
export function describeProgress(run: LoadRun, { iterations: wanted, length }: LoadPlan): string {
  const { elapsed, iterations, meter, users } = run;
  const { total } = meter.measurements;
  const ended = iterations.passed + iterations.failed;
  const messages = total.count('ws_msgs_sent') + total.count('ws_msgs_received');
  const parts = [
    `${formatTime(elapsed)}${length === undefined ? '' : ` of ${formatTime(length)}`}`,
    plural(users, 'user'),
    plural(meter.connections.now, 'connection'),
    Number.isFinite(wanted) ? `${ended} of ${plural(wanted, 'iteration')}` : plural(ended, 'iteration'),
    ...(iterations.failed === 0 ? [] : [`${iterations.failed} failed`]),
    formatRate(perSecond(messages, elapsed)).replace('/s', ' messages/s'),
  ];
  return parts.join(', ');
}
