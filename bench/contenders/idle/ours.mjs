// Clients of ours that are open and idle.
import { atATime } from '../../lib/at-a-time.mjs';
import { count, measureMemory, url } from '../../lib/contender.mjs';
import { connect } from '../../lib/ours.mjs';

await connect(url); // what is loaded once does not count
await measureMemory(
  () => atATime(count, 100, () => connect(url)),
  (clients) => clients.filter(({ readyState }) => readyState === 1).length,
);
