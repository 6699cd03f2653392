// What a client of ours keeps.
import { measureMemory, url } from '../../lib/contender.mjs';
import { connect } from '../../lib/ours.mjs';

const client = await connect(url);
await measureMemory(
  async () => {
    const ended = new Promise((resolve) => client.once('ping', resolve));
    await client.send('go');
    await ended;
    return client.messages;
  },
  (messages) => messages.length,
);
