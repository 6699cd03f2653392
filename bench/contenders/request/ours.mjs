// `request`: the reply is the message with the same id. All frames are recorded.
import { count, measure, url } from '../../lib/contender.mjs';
import { anyMessage, connect } from '../../lib/ours.mjs';

const client = await connect(url);
await measure(async () => {
  let id = 0;
  for (; id < count; id++) await client.request({ type: 'get', id }, anyMessage, { correlate: 'id' });
  return id;
});
