import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { connect } from 'node:net';
import { openClientWire } from '../../src/transport/handshake.ts';
import { expect, test } from '../helpers/test.ts';
import { Recorder, requestFor } from '../transport/opening.ts';
import { Leftovers } from './leftovers.ts';

// A row of the matrix is worth as much as what it sees: each kind of thing is left behind once.

test('nothing is found of code that ends what it began', async ({ server }) => {
  const found = await leftBy(async () => {
    clearTimeout(setTimeout(() => {}, 60_000));
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.destroy();
  });

  expect(found).toEqual([]);
});

test('a timer is found, also one that holds up no process', async () => {
  const timers: NodeJS.Timeout[] = [];
  const found = await leftBy(() => {
    timers.push(
      setTimeout(() => {}, 60_000),
      setTimeout(() => {}, 60_000).unref(),
    );
  });
  for (const timer of timers) clearTimeout(timer);

  expect(found).toEqual([expect.stringMatching(/^a timer, made at .*leftovers\.spec\.ts/), expect.any(String)]);
});

test('a socket is found', async ({ rawServer }) => {
  const left = new AbortController();
  const found = await leftBy(async () => {
    const socket = connect({ port: rawServer.port, host: '127.0.0.1', signal: left.signal });
    socket.on('error', () => {});
    await once(socket, 'connect');
  });
  left.abort();

  expect(found).toContainEqual(expect.stringMatching(/^a TCP socket, made at .*leftovers\.spec\.ts/));
});

test('a socket of ws is found', async ({ server }) => {
  const recorder = new Recorder();
  const found = await leftBy(() => openClientWire(requestFor(server.url))(recorder, new AbortController().signal));
  await recorder.end();

  expect(found).toContain('a socket of ws, state 1');
});

test('a listener of a signal or of the process is found', async () => {
  const { signal } = new AbortController();
  const listener = (): void => {};
  const found = await leftBy((leftovers) => {
    leftovers.watchSignal(signal);
    signal.addEventListener('abort', listener);
    process.on('SIGUSR2', listener);
  });
  process.off('SIGUSR2', listener);

  expect(found).toEqual(['1 listeners of process.on("SIGUSR2")', 'a listener of an abort signal']);
});

test('an open file is found', async () => {
  const path = import.meta.filename;
  let close = async (): Promise<void> => {};
  const found = await leftBy(async () => {
    const file = await open(path);
    close = () => file.close();
  });
  await close();

  expect(found).toEqual(process.platform === 'linux' ? [`the open file ${path}`] : []);
});

test('a child process is found', async () => {
  let end = async (): Promise<void> => {};
  const found = await leftBy(() => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    end = async () => {
      child.kill();
      await once(child, 'exit');
    };
  });
  await end();

  expect(found).toContainEqual(expect.stringMatching(/^a child process/));
});

/** What is left of this code soon after it. */
async function leftBy(run: (leftovers: Leftovers) => unknown): Promise<string[]> {
  const leftovers = new Leftovers();
  try {
    await leftovers.watch(() => run(leftovers));
    return await leftovers.find(100);
  } finally {
    leftovers.stop();
  }
}
