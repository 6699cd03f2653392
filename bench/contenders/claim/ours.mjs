// One wait a message: each claims the order it names.
import { count, measure, url } from '../../lib/contender.mjs';
import { connect } from '../../lib/ours.mjs';

const client = await connect(url);
await measure(async () => {
  await client.send('go');
  let id = 0;
  for (; id < count; id++) await client.waitForMessage({ type: 'order.updated', id });
  return id;
});
