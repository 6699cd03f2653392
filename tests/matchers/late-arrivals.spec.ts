// product.md, "Why a wait ended": a message that comes after the deadline is told, and fails nothing.
import { createClient, createRegistry } from '../connection/test-client.ts';
import { failure, steadyText } from '../helpers/failure-text.ts';
import { expect, test } from '@playwright/test';
import { expect as wsExpect } from '../../src/playwright/expect.ts';
import type { Registry } from '../../src/connection/registry.ts';

const soon = { timeout: 5 };

test('a message that comes after the deadline of its matcher is a note with both lines', async () => {
  const { client, receive, registry } = createClient();
  await failure(wsExpect(client).toReceiveMessage({ type: 'paid' }, soon));
  receive({ type: 'created' }, { type: 'paid' });

  expect(notesOf(registry)).toEqual([
    'toReceiveMessage at late-arrivals.spec.ts:LINE: a message that meets it arrived N ms after the deadline (#2)',
  ]);
});

test('the note points at the line of the wait and tells the delay', async () => {
  const { client, receive, registry } = createClient();
  await failure(client.waitForMessage('x', soon));
  receive('x');
  const [note] = registry.notes;
  const [{ late }] = registry.waits;

  expect(note.site).toBe(registry.waits[0].site);
  expect(note.text).toContain(` ${Math.round(late?.after ?? -1)} ms after the deadline`);
  expect(note.time).toBe(client.messages.at(0)?.monotonicTime);
});

test('a late message stays unclaimed', async () => {
  const { client, receive, registry } = createClient();
  await failure(wsExpect(client).toReceiveMessage('x', soon));
  receive('x');
  await wsExpect(client).toReceiveMessage('x');

  expect(notesOf(registry)).toHaveLength(1);
});

test('a message that an older wait claims is not late for a younger one', async () => {
  const { client, receive, registry } = createClient();
  const older = wsExpect(client).toReceiveMessage('x');
  await failure(wsExpect(client).toReceiveMessage('x', soon));
  receive('x');
  await older;

  expect(registry.notes).toEqual([]);
});

test('only the first late message is told', async () => {
  const { client, receive, registry } = createClient();
  await failure(wsExpect(client).toReceiveMessage('x', soon));
  receive('x', 'x');

  expect(notesOf(registry)).toEqual([expect.stringContaining('(#1)')]);
});

test('a message that was given back before the deadline is not late', async () => {
  const { client, receive, registry } = createClient();
  const controller = new AbortController();
  const both = failure(wsExpect(client).toReceiveMessages(['x', 'y'], { signal: controller.signal }));
  receive('x');
  await failure(wsExpect(client).toReceiveMessage('x', soon));
  controller.abort();
  await both;

  expect(registry.notes).toEqual([]);
});

test('of several expectations the first missing one is watched', async () => {
  const { client, receive, registry } = createClient();
  receive('a');
  await failure(wsExpect(client).toReceiveMessages(['a', 'b', 'c'], soon));
  receive('c', 'b');

  expect(notesOf(registry)).toEqual([
    'toReceiveMessages at late-arrivals.spec.ts:LINE: a message that meets the first missing expectation arrived N ms after the deadline (#3)',
  ]);
});

test('with where the message that it selects is watched', async () => {
  const { client, receive, registry } = createClient();
  await failure(wsExpect(client).toReceiveMessage({ ok: true }, { where: { id: 1 }, ...soon }));
  receive({ id: 1, ok: false });

  expect(notesOf(registry)).toEqual([
    'toReceiveMessage at late-arrivals.spec.ts:LINE: a message that `where` selects arrived N ms after the deadline (#1)',
  ]);
});

test('of a list of clients the one that got it is named', async () => {
  const registry = createRegistry();
  const [a, b] = [createClient({ registry, name: 'a' }), createClient({ registry, name: 'b' })];
  a.receive('x');
  await failure(wsExpect([a.client, b.client]).toReceiveMessage('x', soon));
  a.receive('x');
  b.receive('x');

  expect(notesOf(registry)).toEqual([
    'toReceiveMessage at late-arrivals.spec.ts:LINE: a message that meets it arrived N ms after the deadline (#1 of b)',
  ]);
});

test('a wait that ended by a close or a signal watches nothing', async () => {
  const { client, connection, receive, registry } = createClient();
  await failure(wsExpect(client).toReceiveMessage('x', { signal: AbortSignal.abort() }));
  receive('x');
  connection.close(1000, Buffer.alloc(0));
  await failure(wsExpect(client).toReceiveMessage('y', soon));

  expect(registry.notes).toEqual([]);
});

test('not.toReceiveMessage and waits on a state watch nothing', async () => {
  const { client, receive, registry } = createClient();
  await wsExpect(client).not.toReceiveMessage('x', { quietFor: 1 });
  await failure(wsExpect(client).toHaveReceivedMessageCount(1, soon));
  receive('x');

  expect(registry.notes).toEqual([]);
});

test('a retried line is told once', async () => {
  const { client, receive, registry } = createClient();
  for (let n = 0; n < 3; n++) await failure(wsExpect(client).toReceiveMessage('x', soon));
  receive('x');

  expect(notesOf(registry)).toHaveLength(1);
});

test('a connection watches for the last ten waits', async () => {
  const { client, receive, registry } = createClient();
  let judged = 0;
  const count = ({ text }: { readonly text: string }): boolean => {
    judged += 1;
    return text === 'x';
  };
  for (let n = 0; n < 15; n++) await failure(wsExpect(client).toReceiveMessage(count, { timeout: 1 }));
  receive('other');
  expect(judged).toBe(10);
  receive('x');

  expect(judged).toBe(20);
  receive('x');
  expect(judged).toBe(20);
  expect(registry.waits.filter(({ late }) => late !== undefined)).toHaveLength(10);
});

test('the next test of a worker hears of no late message of an earlier one', async () => {
  const { client, connection, receive, registry } = createClient();
  await failure(wsExpect(client).toReceiveMessage('x', soon));
  connection.beginTest();
  receive('x');

  expect(registry.notes).toEqual([]);
});

function notesOf({ notes }: Registry): string[] {
  return notes.map(({ text }) => steadyText(text));
}
