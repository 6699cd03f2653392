// A client of ours: every frame is recorded, every message is in the buffer.
import { measure, url } from '../../lib/contender.mjs';
import { connect } from '../../lib/ours.mjs';

const client = await connect(url);
const ended = new Promise((resolve) => client.once('ping', resolve));
await measure(async () => {
  await client.send('go');
  await ended;
  return client.messages.length;
});
