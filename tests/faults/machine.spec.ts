import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readyStates } from '../../src/connection/connection.ts';
import type { InlineResult } from '../helpers/run-inline.ts';
import { expect, test } from '../helpers/test.ts';
import { errorsOf, evidence, slowRun, slowTestMs } from '../playwright/inline-test.ts';
import { peer } from '../playwright/peer.ts';
import { machineFiles, many } from './machine-project.ts';
import { atOnce, fault, record, stated, within, withoutPorts } from './matrix.ts';
import { rejection } from './scene.ts';

// What the machine does: descriptors, the disk, the clock, a thousand connections.

test.describe.configure({ mode: 'default' }); // One run for all of them.

const stage = 'The machine';
const hour = 3_600_000;
const next = 'no file descriptor > is missing any more';

let result: InlineResult;
let closeCodes: readonly number[] = [];
/** Lines of kind `connection` in the evidence of the test that abandons its connections. */
let shownConnections = 0;
const canLimit = succeeds('prlimit', '--version');
let hasDisk = false;

test.beforeAll(async ({ runInline, startServer }) => {
  test.setTimeout(slowTestMs);
  const server = await startServer(peer);
  const disk = smallDisk();
  hasDisk = disk !== undefined;
  try {
    const env = { SERVER: server.httpUrl, FULL: disk ?? '', PRLIMIT: canLimit ? 'yes' : 'no' };
    result = await runInline(machineFiles, { ...slowRun, env });
    shownConnections = evidence(result, 'opens connections and abandons them', 'connection').length;
  } finally {
    if (disk !== undefined) removeDisk(disk);
  }
  expect(await server.leftOpen()).toEqual([]);
  const abandoned = server.connections.filter(({ path }) => path === '/silent/abandoned');
  closeCodes = (await Promise.all(abandoned.map(({ closed }) => closed))).map(({ code }) => code);
});

test(`${stage}: no file descriptor is left`, async ({}, testInfo) => {
  test.skip(!canLimit, 'needs prlimit');
  const connect = stated(
    'HandshakeError',
    'WS_HANDSHAKE_FAILED',
    'Cannot connect to "ws://127.0.0.1:PORT/echo/after": this process has as many connections and files open as the system allows (EMFILE)',
    '  Close connections and files, or allow this process more of them (`ulimit -n`).',
  );
  const messages = result.test('no file descriptor > is left').errors.map(({ message }) => withoutPorts(message));
  expect(messages).toEqual([`${connect.error}: ${connect.message}`]);
  const others = { 'the connections that are open': 'go on', 'the next test': result.test(next).status };
  expect(others['the next test']).toBe('passed');
  await record(testInfo, { stage, fault: 'No file descriptor is left', gets: { connect, ...others }, within: atOnce });
});

test(`${stage}: the disk is full`, async ({}, testInfo) => {
  test.skip(!hasDisk, 'needs the right to mount a small disk');
  const { annotations, attachments, errors, status } = result.test('fills the disk');
  const warning = 'Cannot attach websocket.html: ENOSPC: no space left on device, write';
  expect(annotations).toEqual([{ type: 'warning', description: warning }]);
  expect([status, errors]).toEqual(['passed', []]);
  expect(attachments.map(({ name }) => name)).toContain('websocket.jsonl');
  const gets = { 'the test': status, 'a warning in the report': warning };
  await record(testInfo, { stage, fault: 'The disk is full: the evidence cannot be written', gets, within: atOnce });
});

test(`${stage}: connections are abandoned`, async ({}, testInfo) => {
  const { attachments, errors, status } = result.test('opens connections and abandons them');
  expect([status, errors, shownConnections]).toEqual(['passed', [], many]);
  expect(closeCodes).toEqual(Array.from({ length: many }, () => 1000));
  expect(attachments.map(({ name }) => name)).toContain('websocket.html');
  const gets = { 'the test': status, 'each connection is closed with': 1000, 'connections in the evidence': many };
  const bound = within('`closeTimeout` + 250 ms', 1250);
  await record(testInfo, { stage, fault: `A test abandons ${many} open connections`, gets, within: bound });
});

test(`${stage}: connects are not awaited`, async ({}, testInfo) => {
  const finding = `The test ended, and left ${many} findings:
  1. connect at machine.spec.ts:10 was not awaited (${many} times)

Mend it, or switch the check off: wsOptions: { findings: { pendingWait: false } }`;
  expect(errorsOf(result, 'opens connections and awaits none')).toEqual([
    `machine.spec.ts:10:42 WebSocketError: ${finding}`,
  ]);
  const bound = within('`closeTimeout` + 250 ms', 1250);
  const gets = { 'the test': 'failed' };
  await record(testInfo, {
    stage,
    fault: `A test awaits none of ${many} connects`,
    gets,
    findings: [finding],
    within: bound,
  });
});

test('nothing that the machine does fails another test, or the run', () => {
  expect([result.failed, result.errors, result.exitCode]).toEqual([0, [], 0]);
});

for (const [direction, jump] of [
  ['forward', hour],
  ['back', -hour],
] as const) {
  test(
    ...fault(
      {
        stage,
        fault: `The clock of the system jumps an hour ${direction} while clients wait`,
        gets: {
          'waitForMessage, which came': 'hello',
          'its time': 'between that of the wait and that of the close',
          'waitForMessage, which never came': stated(
            'WaitTimeoutError',
            'WS_WAIT_TIMEOUT',
            'client.waitForMessage(expected) failed',
            '',
            'Client:   127.0.0.1:PORT (ws://127.0.0.1:PORT/), open for less than a minute',
            'Expected: "never"',
            'Received: nothing',
            'Timeout:  50ms',
            '',
            'Call log:',
            '  - no frames',
          ),
          'a client with keepAlive': 'open',
        },
        steady: (text) => withoutPorts(text).replaceAll(/for (\d{1,2} )?\d{1,3} ms\b/g, 'for less than a minute'),
        within: within('`timeout`', 50),
      },
      async ({ startServer, ws }) => {
        const server = await startServer();
        const [client, beating] = [await ws.connect(server.url), await ws.connect(server.url, { keepAlive: 20 })];
        const peers = [await server.nextConnection(), await server.nextConnection()];
        const { now } = Date;
        const began = now();
        const timeOut = rejection(client.waitForMessage('never', { timeout: 50 }));
        const comes = beating.waitForMessage('hello', { timeout: 10_000 });
        try {
          Date.now = () => now() + jump;
          const error = await timeOut;
          await peers[1].send('hello');
          const { text, time } = await comes;
          const isBetween = time > began - 1000 && time < now() + 1000;
          return {
            'waitForMessage, which came': text,
            'its time': isBetween ? 'between that of the wait and that of the close' : time,
            'waitForMessage, which never came': error,
            'a client with keepAlive': beating.readyState === readyStates.open ? 'open' : 'closed',
          };
        } finally {
          Date.now = now;
        }
      },
    ),
  );
}

/** A disk of 64 kB; `undefined` where nobody may mount one. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'playwright-ws-disk-'));
  if (succeeds('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder)) return folder;
  rmdirSync(folder);
  return undefined;
}

function removeDisk(folder: string): void {
  execFileSync('umount', [folder]);
  rmdirSync(folder);
}

function succeeds(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
