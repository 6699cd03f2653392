// Clients of ours: open and close, 100 at a time.
import { atATime } from '../../lib/at-a-time.mjs';
import { count, measure, url } from '../../lib/contender.mjs';
import { connect } from '../../lib/ours.mjs';

await measure(async () => {
  const closed = await atATime(count, 100, async () => {
    const client = await connect(url);
    await client.close();
  });
  return closed.length;
});
