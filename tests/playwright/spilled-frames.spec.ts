// Frames beyond `maxMemory` are in a temporary file, and that goes with the test.
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { connectionOf } from '../../src/connection/connection-of.ts';
import { startServer } from '../helpers/server.ts';
import { expect, test } from '../../src/index.ts';

// The second test looks at what the first one left in their worker.
test.describe.configure({ mode: 'serial' });
test.skip(!existsSync('/proc/self/fd'), 'The system does not tell which files are open');

const messages = 2000;

test('spilled frames are in a file while their test runs', async ({ ws }) => {
  const server = await startServer((connection) => {
    for (let index = 0; index < messages; index++) void connection.send(`${index} `.padEnd(1000, '.'));
  });
  const client = await ws.connect(server.url, { maxMemory: 1_000_000 });
  await expect(client).toReceiveMessage(/^1999 /);

  expect(connectionOf(client)?.log.spilled).toBeGreaterThan(100_000);
  expect(client.messages.at(0)?.text).toMatch(/^0 /);
  expect(openFrameFiles()).toHaveLength(1);
  await client.close();
  await server.close();
});

test('spilled frames leave no open file behind their test', () => {
  expect(openFrameFiles()).toEqual([]);
});

function openFrameFiles(): string[] {
  return readdirSync('/proc/self/fd').filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).includes('playwright-ws-frames-');
    } catch {
      return false; // The one that listed the folder is closed.
    }
  });
}
