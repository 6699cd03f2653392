// A client of ours that keeps 1 MiB in memory and the rest in a file.
import { measureMemory, url } from '../../lib/contender.mjs';
import { connect } from '../../lib/ours.mjs';

const client = await connect(url, { maxMemory: 1024 * 1024 });
await measureMemory(
  async () => {
    const ended = new Promise((resolve) => client.once('ping', resolve));
    await client.send('go');
    await ended;
    return client.messages;
  },
  (messages) => messages.length,
);
