import { test } from '@playwright/test';
import { type Bound, fault } from './matrix.ts';

// All clients close side by side: the end of a test takes as long as the slowest of them may.

const closeTimeout = 200;

/** Opening 500 connections is a part of the row, and no part of the promise. */
const bound: Bound = { words: '`closeTimeout` + 250 ms', limit: 25_000 };

for (const [title, answer] of [
  ['500 clients, and no server answers the closing handshake', 'nothing'],
  ['500 clients, and no server even reads', 'no reading'],
] as const) {
  test(
    ...fault(
      {
        stage: 'Closing',
        fault: title,
        gets: { 'closed, 500 times': { code: 1006, reason: '', wasClean: false, by: 'client' }, ended: 'in time' },
        within: bound,
      },
      async ({ registry, startRawServer, ws }) => {
        const server = await startRawServer({
          connection: (peer) => void peer.accept().then(() => answer === 'no reading' && peer.socket.pause()),
        });
        const options = { closeTimeout, timeout: 0 };
        const clients = await Promise.all(Array.from({ length: 500 }, () => ws.connect(server.url, options)));
        const ended = await outcomeOf(registry.close());
        // They have to read to see that it was over long ago.
        for (const peer of server.peers) peer.socket.resume();
        const closed = await Promise.all(clients.map((client) => client.closed));
        return { [`closed, ${closed.length} times`]: oneOf(closed), ended };
      },
    ),
  );
}

/**
 * Whether it ended before a timer of the promised time, set after all others. Timers fire in the order of their moments,
 * also on a machine that is late with all of them.
 */
async function outcomeOf(ending: Promise<void>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('late'), closeTimeout + 250);
  });
  try {
    return await Promise.race([ending.then(() => 'in time'), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What they all are; fails when they differ. */
function oneOf<T>(all: readonly T[]): T {
  const [first] = all;
  const others = all.filter((one) => JSON.stringify(one) !== JSON.stringify(first));
  if (others.length > 0) throw new Error(`Expected the same for all, found ${JSON.stringify([first, ...others])}`);
  return first;
}
