import { createRequire } from 'node:module';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { closePayload } from './close-payload.ts';
import type { Message } from '../../src/frames/message.ts';
import { CallSite } from '../../src/support/call-site.ts';
import { now } from '../../src/support/clock.ts';
import { HandshakeError } from '../../src/support/errors.ts';
import { writeJsonl } from '../../src/transcript/jsonl.ts';
import { createTranscript } from '../../src/transcript/transcript.ts';
import { createTestConnection, expectationOf, FakeOwner, receive, testHandshake } from '../helpers/fake-wire.ts';
import { clientOf, framesOf, linesOf, linesOfType } from './lines.ts';

const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const ms: unknown = expect.any(Number);
const here: unknown = expect.stringMatching(/^jsonl\.spec\.ts:\d+$/);

test.describe('first line', () => {
  test('names format, version, package, times, counts and limits', () => {
    const { connection } = createTestConnection();
    receive(connection, 'hello');
    const { version }: { version: string } = createRequire(import.meta.url)('../../package.json');

    expect(linesOf({ connections: [connection] })[0]).toEqual({
      type: 'transcript',
      version: 1,
      package: 'playwright-ws',
      packageVersion: version,
      startedAt: isoTime,
      writtenAt: isoTime,
      connections: 1,
      frames: 1,
      requests: 0,
      waits: 0,
      limits: {
        payloadBytes: 65_536,
        headFrames: 5000,
        tailFrames: 5000,
        totalFrames: 10_000,
        totalBytes: 33_554_432,
        requests: 1000,
        waits: 10_000,
      },
    });
  });
});

test.describe('connection line', () => {
  test('tells name, URL, place, handshake and close', () => {
    const { connection } = createTestConnection({
      name: 'orders',
      handshake: {
        headers: { upgrade: 'websocket', 'set-cookie': 'id=1; Path=/\nseen=' },
        requestHeaders: { 'user-agent': 'test', cookie: 'session=abc' },
        protocol: 'v1',
        extensions: 'permessage-deflate',
        duration: 3.25,
      },
    });
    connection.close(1001, Buffer.from('bye'));

    expect(linesOfType('connection', { connections: [connection] })).toEqual([
      {
        type: 'connection',
        name: 'orders',
        url: 'ws://127.0.0.1:4040/orders',
        location: here,
        time: isoTime,
        ms: 0,
        openedMs: ms,
        handshake: {
          accepted: true,
          url: 'ws://127.0.0.1:4040/orders',
          status: 101,
          statusText: 'Switching Protocols',
          duration: 3.25,
          requestHeaders: { 'user-agent': 'test', cookie: '***' },
          responseHeaders: { upgrade: 'websocket', 'set-cookie': '***' },
          requestCookies: ['session'],
          responseCookies: ['id', 'seen'],
          subprotocol: 'v1',
          extensions: 'permessage-deflate',
        },
        close: { code: 1001, reason: 'bye', wasClean: true, by: 'server', meaning: 'Going away', ms },
      },
    ]);
  });

  test('of an open connection has no close', () => {
    const { connection } = createTestConnection();

    expect(linesOfType('connection', { connections: [connection] })[0]).not.toHaveProperty('close');
  });

  test('of a private close code has no meaning', () => {
    const { connection } = createTestConnection();
    connection.close(4001, Buffer.from('kicked'));

    expect(linesOfType('connection', { connections: [connection] })[0]['close']).toEqual({
      code: 4001,
      reason: 'kicked',
      wasClean: true,
      by: 'server',
      ms,
    });
  });

  test('of a refused handshake has the answer with its body, and the failure', async () => {
    const { connection } = createTestConnection({ isConnecting: true });
    const body = Buffer.from('{"error":"missing token"}');
    const handshake = testHandshake({ accepted: false, status: 401, statusText: 'Unauthorized', body });
    const refused = new HandshakeError('WS_HANDSHAKE_REFUSED', 'Cannot connect', { handshake });
    await expect(connection.start(() => Promise.reject(refused))).rejects.toBe(refused);

    const [line] = linesOfType('connection', { connections: [connection] });
    expect(line).toMatchObject({
      failure: 'Cannot connect',
      handshake: { accepted: false, status: 401, body: { size: 25, text: '{"error":"missing token"}' } },
      close: { code: 1006, wasClean: false, by: 'network' },
    });
    expect(line).not.toHaveProperty('openedMs');
    expect(line).not.toHaveProperty('expected');
  });

  test('of a refused handshake tells that the test expected it', async () => {
    const { connection } = createTestConnection({ isConnecting: true });
    const refused = new HandshakeError('WS_HANDSHAKE_REFUSED', 'Cannot connect');
    await expect(connection.start(() => Promise.reject(refused))).rejects.toBe(refused);
    connection.closing.isExpected = true;

    expect(linesOfType('connection', { connections: [connection] })).toMatchObject([{ expected: true }]);
  });

  test('of a handshake without an answer has the failure alone', async () => {
    const { connection } = createTestConnection({ isConnecting: true });
    const failed = new Error('connect ECONNREFUSED');
    await expect(connection.start(() => Promise.reject(failed))).rejects.toBe(failed);

    const [line] = linesOfType('connection', { connections: [connection] });
    expect(line).toMatchObject({ failure: 'connect ECONNREFUSED' });
    expect(line).not.toHaveProperty('handshake');
  });

  test('masks secrets in headers, URLs and failures', () => {
    const url = 'wss://user:hunter2@example.test/orders?token=t0p&room=1';
    const { connection } = createTestConnection({
      url,
      handshake: {
        url,
        requestHeaders: { authorization: 'Bearer t0p', cookie: 'session=t0p', 'x-api-key': 't0p', 'x-room': '1' },
        headers: { 'set-cookie': 'session=t0p; HttpOnly', location: '/login?access_token=t0p', server: 'x' },
      },
    });
    connection.error(new Error(`Broken frame on ${url}`));

    const [line] = linesOfType('connection', { connections: [connection] });
    expect(line).toMatchObject({
      url: 'wss://user:***@example.test/orders?token=***&room=1',
      failure: 'Broken frame on wss://user:***@example.test/orders?token=***&room=1',
      handshake: {
        url: 'wss://user:***@example.test/orders?token=***&room=1',
        requestHeaders: { authorization: '***', cookie: '***', 'x-api-key': '***', 'x-room': '1' },
        responseHeaders: { 'set-cookie': '***', location: '/login?access_token=***', server: 'x' },
      },
    });
    expect(JSON.stringify(line)).not.toMatch(/t0p|hunter2/);
  });
});

test.describe('frame line', () => {
  test('of text has its facts, its text and its message number', () => {
    const { connection } = createTestConnection({ name: 'orders' });
    receive(connection, { type: 'subscribed' });

    expect(framesOf(connection)).toEqual([
      {
        type: 'frame',
        connection: 'orders',
        sequence: connection.log.sequence(0),
        time: isoTime,
        ms,
        direction: 'received',
        opcode: 'text',
        size: 21,
        message: 1,
        text: '{"type":"subscribed"}',
      },
    ]);
  });

  test('has milliseconds with at most three decimals', () => {
    const { connection } = createTestConnection();
    for (let index = 0; index < 20; index++) receive(connection, 'x');

    for (const line of framesOf(connection)) expect(String(line['ms'])).toMatch(/^\d+(\.\d{1,3})?$/);
  });

  test('of bytes has base64 and no text', () => {
    const { connection } = createTestConnection();
    receive(connection, Buffer.from([0, 255, 16]));

    const [line] = framesOf(connection);
    expect(line).toMatchObject({ opcode: 'binary', size: 3, base64: 'AP8Q', message: 1 });
    expect(line).not.toHaveProperty('text');
  });

  test('of an empty message has an empty text', () => {
    const { connection } = createTestConnection();
    receive(connection, '');

    expect(framesOf(connection)).toMatchObject([{ size: 0, text: '', message: 1 }]);
  });

  test('of what went to a temporary file has its text', () => {
    const { connection } = createTestConnection({ maxMemory: 0 });
    const texts = Array.from({ length: 3000 }, (_, number) => `${number} ${'x'.repeat(1000)}`);
    for (const text of texts) receive(connection, text);

    expect(connection.log.spilled).toBeGreaterThan(1_000_000);
    expect(framesOf(connection, { limits: { headFrames: 3000 } }).map(({ text }) => text)).toEqual(texts);
    connection.log.release();
  });

  test('of what was sent has no message number', () => {
    const { connection } = createTestConnection();
    void connection.sender.send('hello');

    const [line] = framesOf(connection);
    expect(line).toMatchObject({ direction: 'sent', opcode: 'text', text: 'hello' });
    expect(line).not.toHaveProperty('message');
  });

  test('of a ping and its pong has their text', () => {
    const { connection } = createTestConnection();
    connection.ping(Buffer.from('are you there'));

    expect(framesOf(connection)).toMatchObject([
      { direction: 'received', opcode: 'ping', text: 'are you there' },
      { direction: 'sent', opcode: 'pong', text: 'are you there' },
    ]);
  });

  test('of a close has code and reason', () => {
    const { connection } = createTestConnection();
    connection.close(4001, Buffer.from('kicked'));

    const [received, sent] = framesOf(connection);
    expect(received).toMatchObject({ direction: 'received', opcode: 'close', size: 8, code: 4001, reason: 'kicked' });
    expect(received).not.toHaveProperty('text');
    expect(sent).toMatchObject({ direction: 'sent', opcode: 'close', code: 4001 });
  });

  test('of a close without a code has neither code nor reason', () => {
    const { connection } = createTestConnection();
    connection.close(1005, Buffer.alloc(0));

    const [received] = framesOf(connection);
    expect(received).toMatchObject({ opcode: 'close', size: 0 });
    expect(received).not.toHaveProperty('code');
    expect(received).not.toHaveProperty('reason');
  });

  test('of text that is not UTF-8 has U+FFFD and the bytes', () => {
    const { connection } = createTestConnection();
    connection.message(Buffer.from([0x61, 0xed, 0xa0, 0x80]), false);

    expect(framesOf(connection)).toMatchObject([{ size: 4, text: 'a\uFFFD\uFFFD\uFFFD', base64: 'Ye2ggA==' }]);
  });

  test('of text with a U+FFFD of its own has no bytes', () => {
    const { connection } = createTestConnection();
    receive(connection, 'a\uFFFD');

    const [line] = framesOf(connection);
    expect(line).toMatchObject({ text: 'a\uFFFD' });
    expect(line).not.toHaveProperty('base64');
  });

  test('of a close whose reason is not UTF-8 has the bytes of the reason', () => {
    const { connection } = createTestConnection();
    connection.record('received', 'close', closePayload(4001, Buffer.from([0xff])));

    expect(framesOf(connection)).toMatchObject([{ code: 4001, reason: '\uFFFD', base64: '/w==' }]);
  });

  test('masks secrets of URLs in text, and says so', () => {
    const { connection } = createTestConnection();
    receive(connection, { image: 'https://cdn.test/a.png?sig=t0p&w=1', next: '/x?token=t0p' });

    expect(framesOf(connection)).toMatchObject([
      { text: '{"image":"https://cdn.test/a.png?sig=***&w=1","next":"/x?token=***"}', masked: true },
    ]);
  });

  test('of masked text that is not UTF-8 leaves the bytes out', () => {
    const { connection } = createTestConnection();
    connection.message(Buffer.from([...Buffer.from('/x?token=t0p '), 0xff]), false);

    const [line] = framesOf(connection);
    expect(line).toMatchObject({ text: '/x?token=*** \uFFFD', masked: true });
    expect(line).not.toHaveProperty('base64');
  });

  test('tells what hid it, and counts messages without it', () => {
    const ignore = expectationOf((message) => message.text === 'noise');
    const { connection } = createTestConnection({ ignore });
    receive(connection, 'noise');
    receive(connection, 'news');

    const [noise, news] = framesOf(connection);
    expect(noise).toMatchObject({ text: 'noise', hiddenBy: 'ignore' });
    expect(noise).not.toHaveProperty('message');
    expect(news).toMatchObject({ text: 'news', message: 1 });
    expect(news).not.toHaveProperty('hiddenBy');
  });

  test('tells that the schema refused it', () => {
    const refuse = (): never => {
      throw new Error('wrong');
    };
    const { connection } = createTestConnection({ validate: refuse });
    receive(connection, 'news');

    expect(framesOf(connection)).toMatchObject([{ text: 'news', invalid: true }]);
  });

  test('tells which wait claimed it', async () => {
    const { connection } = createTestConnection();
    receive(connection, { id: 1 });
    receive(connection, { id: 2 });
    await clientOf(connection).waitForMessage({ id: 2 });

    const [first, second] = framesOf(connection);
    expect(first).not.toHaveProperty('claimedBy');
    expect(second['claimedBy']).toEqual({ method: 'waitForMessage', location: here });
  });
});

test.describe('order of lines', () => {
  test('is transcript, connections, frames, waits, findings, notes', async () => {
    const { connection, owner } = createTestConnection();
    receive(connection, 'hello');
    await clientOf(connection).waitForMessage('hello');
    const finding = { kind: 'handlerError', text: 'thrown', site: undefined } as const;

    const lines = linesOf({ connections: [connection], waits: owner.waits, findings: [finding], notes: [finding] });
    expect(lines.map((line) => line['type'])).toEqual(['transcript', 'connection', 'frame', 'wait', 'finding', 'note']);
  });

  test('mixes the frames of all connections by sequence', () => {
    const a = createTestConnection({ name: 'a' }).connection;
    const b = createTestConnection({ name: 'b' }).connection;
    for (const [connection, text] of [
      [b, '1'],
      [a, '2'],
      [a, '3'],
      [b, '4'],
      [a, '5'],
    ] as const)
      receive(connection, text);

    const frames = linesOfType('frame', { connections: [a, b] });
    expect(frames.map((line) => [line['connection'], line['text']].join(''))).toEqual(['b1', 'a2', 'a3', 'b4', 'a5']);
    expect(frames.map((line) => line['message'])).toEqual([1, 1, 2, 2, 3]);
  });
});

test.describe('wait line', () => {
  test('of a passed wait has what it claimed, and what it expected', async () => {
    const { connection, owner } = createTestConnection({ name: 'orders' });
    receive(connection, { id: 1 });
    await clientOf(connection).waitForMessage({ id: 1 }, { timeout: 700 });

    expect(linesOfType('wait', { connections: [connection], waits: owner.waits })).toEqual([
      {
        type: 'wait',
        method: 'waitForMessage',
        call: 'client.waitForMessage(expected)',
        location: here,
        connections: ['orders'],
        outcome: 'passed',
        startedMs: ms,
        endedMs: ms,
        timeout: 700,
        claimed: [connection.log.sequence(0)],
        expected: '{"id": 1}',
      },
    ]);
  });

  test('of a passed wait that claimed nothing has no expectation', async () => {
    const { connection, owner } = createTestConnection();
    await clientOf(connection).stay(0);

    expect(linesOfType('wait', { connections: [connection], waits: owner.waits })[0]).not.toHaveProperty('expected');
  });

  test('is none of a send that went through: its frame tells all', () => {
    const { connection } = createTestConnection();
    const call = { method: 'send', call: 'client.send(data)', site: undefined, limitedBy: 'timeout' } as const;
    const facts = {
      ...call,
      connections: [connection],
      timeout: 0,
      startedAt: now(),
      endedAt: now(),
      late: undefined,
      subject: { expected: () => '' },
    };
    const passed = { ...facts, outcome: { kind: 'passed' } } as const;
    const aborted = { ...facts, outcome: { kind: 'aborted', reason: new Error('stopped') } } as const;

    const lines = linesOfType('wait', { connections: [connection], waits: [passed, aborted] });
    expect(lines.map(({ outcome }) => outcome)).toEqual(['aborted']);
  });

  test('of a wait that the close ended has the expectation and the close', async () => {
    const { connection, owner } = createTestConnection();
    const waiting = clientOf(connection).waitForMessage({ id: 1 });
    connection.close(4001, Buffer.from('kicked'));
    await expect(waiting).rejects.toThrow();

    expect(linesOfType('wait', { connections: [connection], waits: owner.waits })).toMatchObject([
      { outcome: 'closed', claimed: [], expected: '{"id": 1}', detail: '4001 "kicked", by the server' },
    ]);
  });

  test('of a message that `where` selected names the frame that decided', async () => {
    const { connection, owner } = createTestConnection();
    receive(connection, { id: 1, status: 'PENDING' });
    const waiting = clientOf(connection).waitForMessage(
      { status: 'PAID' },
      { where: (message: Message) => message.text.includes('"id":1') },
    );
    await expect(waiting).rejects.toThrow();

    const sequence = connection.log.sequence(0);
    expect(linesOfType('wait', { connections: [connection], waits: owner.waits })).toMatchObject([
      { outcome: 'mismatch', decidedBy: sequence, claimed: [sequence], expected: '{"status": "PAID"}' },
    ]);
  });

  test('of a wait that has not ended is pending', async () => {
    const { connection } = createTestConnection();
    const waiting = clientOf(connection).waitForMessage({ id: 1 });
    const waits = [...connection.waits].map(({ record }) => record);

    const [line] = linesOfType('wait', { connections: [connection], waits });
    expect(line).toMatchObject({ outcome: 'pending', expected: '{"id": 1}' });
    expect(line).not.toHaveProperty('endedMs');
    receive(connection, { id: 1 });
    await waiting;
  });

  test('of a wait whose message came too late tells how late', async () => {
    const { connection, owner } = createTestConnection();
    receive(connection, 'hello');
    await clientOf(connection).waitForMessage('hello');
    const late = { message: connection.messages.at(0), after: 740.12345, time: 0 };
    const waits = owner.waits.map((wait) => ({ ...wait, outcome: { kind: 'timeout' } as const, late }));

    expect(linesOfType('wait', { connections: [connection], waits })).toMatchObject([
      { outcome: 'timeout', late: { sequence: connection.log.sequence(0), afterMs: 740.123 } },
    ]);
  });

  test('keeps a description that throws from spoiling the transcript', async () => {
    const { connection, owner } = createTestConnection();
    const waiting = clientOf(connection).waitForMessage({ id: 1 });
    connection.close(4001, Buffer.alloc(0));
    await expect(waiting).rejects.toThrow();
    const expected = (): never => {
      throw new Error('no text');
    };
    const waits = owner.waits.map((wait) => ({ ...wait, subject: { expected } }));

    expect(linesOfType('wait', { connections: [connection], waits })).toMatchObject([
      { expected: '(cannot be described: no text)' },
    ]);
  });
});

test.describe('finding line', () => {
  test('has kind, text and place; secrets of URLs are masked', () => {
    const site = captureHere();
    const text = '"orders" (ws://127.0.0.1/?token=t0p), closed';

    expect(linesOfType('finding', { findings: [{ kind: 'unexpectedClose', text, site }] })).toEqual([
      {
        type: 'finding',
        kind: 'unexpectedClose',
        text: '"orders" (ws://127.0.0.1/?token=***), closed',
        location: here,
      },
    ]);
  });

  test('without a site has an unknown line', () => {
    expect(linesOfType('note', { notes: [{ kind: 'handlerError', text: 'thrown', site: undefined }] })).toEqual([
      { type: 'note', kind: 'handlerError', text: 'thrown', location: 'an unknown line' },
    ]);
  });
});

const httpRequest = { source: 'test', method: 'GET' } as const;

test.describe('request line', () => {
  test('tells who made it, what was asked for and what came, counted from the first connection', () => {
    const { connection } = createTestConnection();
    const startedAt = connection.createdAt - 10;
    const url = 'http://127.0.0.1:4040/login?token=secret';
    const facts = { ...httpRequest, url, status: 200, statusText: 'OK', startedAt, endedAt: startedAt + 4 };

    expect(linesOfType('request', { connections: [connection], requests: [facts] })).toEqual([
      {
        type: 'request',
        source: 'test',
        method: 'GET',
        url: 'http://127.0.0.1:4040/login?token=***',
        status: 200,
        statusText: 'OK',
        time: isoTime,
        startedMs: -10,
        endedMs: -6,
      },
    ]);
  });

  test('of a request that failed tells why', () => {
    const { connection } = createTestConnection();
    const failed = {
      ...httpRequest,
      url: '/orders',
      startedAt: now(),
      endedAt: now(),
      failure: 'connect ECONNREFUSED',
    };

    const [line] = linesOfType('request', { connections: [connection], requests: [failed] });
    expect(line).toMatchObject({ failure: 'connect ECONNREFUSED', endedMs: ms });
    expect(line).not.toHaveProperty('status');
  });
});

test.describe('limits', () => {
  test('payloadBytes cuts a text and tells how much', () => {
    const { connection } = createTestConnection();
    receive(connection, 'x'.repeat(100_000));

    const [line] = framesOf(connection);
    expect(line).toMatchObject({ size: 100_000, cut: 34_464 });
    expect(line['text']).toBe('x'.repeat(65_536));
  });

  test('payloadBytes leaves a payload of exactly that size whole', () => {
    const { connection } = createTestConnection();
    receive(connection, 'x'.repeat(65_536));

    expect(framesOf(connection)[0]).not.toHaveProperty('cut');
  });

  test('payloadBytes cuts before a character, not within', () => {
    const { connection } = createTestConnection();
    receive(connection, 'a€😀');

    const cutAt = (payloadBytes: number): unknown => framesOf(connection, { limits: { payloadBytes } })[0];
    expect(cutAt(7)).toMatchObject({ text: 'a€', cut: 4 });
    expect(cutAt(4)).toMatchObject({ text: 'a€', cut: 4 });
    expect(cutAt(3)).toMatchObject({ text: 'a', cut: 7 });
    expect(cutAt(7)).not.toHaveProperty('base64');
  });

  test('payloadBytes of less than the first character cuts all', () => {
    const { connection } = createTestConnection();
    receive(connection, '😀');

    for (const payloadBytes of [0, 1, 2, 3]) {
      const [line] = framesOf(connection, { limits: { payloadBytes } });
      expect(line).toMatchObject({ text: '', cut: 4 });
      expect(line).not.toHaveProperty('base64');
    }
  });

  test('payloadBytes cuts bytes and tells how much', () => {
    const { connection } = createTestConnection();
    receive(connection, Buffer.from([1, 2, 3, 4]));

    expect(framesOf(connection, { limits: { payloadBytes: 3 } })).toMatchObject([{ size: 4, base64: 'AQID', cut: 1 }]);
  });

  test('payloadBytes cuts the body of a refusal', async () => {
    const { connection } = createTestConnection({ isConnecting: true });
    const handshake = testHandshake({ accepted: false, status: 500, body: Buffer.from('0123456789') });
    const refused = new HandshakeError('WS_HANDSHAKE_REFUSED', 'Cannot connect', { handshake });
    await expect(connection.start(() => Promise.reject(refused))).rejects.toBe(refused);

    const [line] = linesOfType('connection', { connections: [connection] }, { limits: { payloadBytes: 4 } });
    expect(line).toMatchObject({ handshake: { body: { size: 10, text: '0123', cut: 6 } } });
  });

  test('headFrames and tailFrames leave the middle out and tell how much', () => {
    const { connection } = createTestConnection();
    for (const text of ['1', '2', '33', '44', '5', '6', '7']) receive(connection, text);

    const lines = linesOf({ connections: [connection] }, { limits: { headFrames: 2, tailFrames: 3 } }).slice(2);
    expect(lines.map((line) => line['text'] ?? line)).toEqual([
      '1',
      '2',
      { type: 'cut', connection: '/orders', frames: 2, bytes: 4 },
      '5',
      '6',
      '7',
    ]);
  });

  test('headFrames and tailFrames together cut nothing of that many frames', () => {
    const { connection } = createTestConnection();
    for (const text of ['1', '2', '3', '4', '5']) receive(connection, text);

    const lines = linesOf({ connections: [connection] }, { limits: { headFrames: 2, tailFrames: 3 } }).slice(2);
    expect(lines.map((line) => line['text'])).toEqual(['1', '2', '3', '4', '5']);
  });

  test('tailFrames 0 tells at the end what was left out', () => {
    const { connection } = createTestConnection();
    for (const text of ['1', '2', '3']) receive(connection, text);

    const lines = linesOf({ connections: [connection] }, { limits: { headFrames: 1, tailFrames: 0 } }).slice(2);
    expect(lines.map((line) => line['text'] ?? line)).toEqual([
      '1',
      { type: 'cut', connection: '/orders', frames: 2, bytes: 2 },
    ]);
  });

  test('more than 10,000 frames keep the first and the last 5,000', () => {
    const { connection } = createTestConnection();
    for (let index = 0; index < 10_001; index++) receive(connection, 'x');

    const lines = linesOf({ connections: [connection] }).slice(2);
    expect(lines).toHaveLength(10_001);
    expect(lines[5000]).toEqual({ type: 'cut', connection: '/orders', frames: 1, bytes: 1 });
    expect(lines[5001]).toMatchObject({ message: 5002 });
  });

  test('headFrames and tailFrames cut a busy connection and leave a quiet one whole', () => {
    const [busy, quiet] = [{ name: 'busy' }, { name: 'quiet' }].map(
      (options) => createTestConnection(options).connection,
    );
    for (const text of ['1', '2', '3', '4']) receive(busy, text);
    receive(quiet, 'hello');
    for (const text of ['5', '6']) receive(busy, text);

    const limits = { headFrames: 1, tailFrames: 1 };
    const lines = linesOf({ connections: [busy, quiet] }, { limits }).slice(3);
    expect(lines.map((line) => line['text'] ?? line)).toEqual([
      '1',
      'hello',
      { type: 'cut', connection: 'busy', frames: 4, bytes: 4 },
      '6',
    ]);
  });

  test('totalFrames halves headFrames and tailFrames until all fit, and the first line says so', () => {
    const connections = ['a', 'b'].map((name) => createTestConnection({ name }).connection);
    for (const connection of connections) for (const text of ['1', '2', '3', '4', '5']) receive(connection, text);

    const limits = { headFrames: 4, tailFrames: 3, totalFrames: 8 };
    const [first, , , ...frames] = linesOf({ connections }, { limits });
    expect(first).toMatchObject({ limits: { headFrames: 2, tailFrames: 1, totalFrames: 8 } });
    expect(frames.map((line) => line['text'] ?? line)).toEqual([
      '1',
      '2',
      { type: 'cut', connection: 'a', frames: 2, bytes: 2 },
      '5',
      '1',
      '2',
      { type: 'cut', connection: 'b', frames: 2, bytes: 2 },
      '5',
    ]);
  });

  test('totalFrames 0 writes no frame and tells of each connection what was left out', () => {
    const connections = ['a', 'b'].map((name) => createTestConnection({ name }).connection);
    for (const connection of connections) receive(connection, 'hello');

    expect(linesOf({ connections }, { limits: { totalFrames: 0 } }).slice(3)).toEqual([
      { type: 'cut', connection: 'a', frames: 1, bytes: 5 },
      { type: 'cut', connection: 'b', frames: 1, bytes: 5 },
    ]);
  });

  test('what limits left out is told behind all other lines', () => {
    const facts = { source: 'test', method: 'GET', url: 'http://127.0.0.1/', startedAt: 0 } as const;
    const finding = { kind: 'handlerError', text: 'threw', site: undefined } as const;
    const source = { requests: [facts], findings: [finding], notes: [finding] };

    expect(linesOf(source, { limits: { requests: 0 } }).map(({ kind, type }) => [type, kind])).toEqual([
      ['transcript', undefined],
      ['finding', 'handlerError'],
      ['note', 'handlerError'],
      ['note', 'limit'],
    ]);
  });

  test('waits keeps those that failed, then the first ones, and tells how many were left out', async () => {
    const { connection, owner } = createTestConnection();
    receive(connection, 'a');
    receive(connection, 'b');
    const client = clientOf(connection);
    await client.waitForMessage('a');
    await client.waitForMessage('b');
    await expect(client.waitForMessage('c', { timeout: 1 })).rejects.toThrow();
    const lines = linesOf({ connections: [connection], waits: owner.waits }, { limits: { waits: 2 } });

    expect(lines[0]).toMatchObject({ waits: 3, limits: { waits: 2 } });
    expect(lines.filter(({ type }) => type === 'wait').map(({ outcome }) => outcome)).toEqual(['passed', 'timeout']);
    expect(lines.at(-1)).toEqual({
      type: 'note',
      kind: 'limit',
      text: '1 more wait that is not here',
      location: 'an unknown line',
    });
  });

  test('requests keeps the first ones, and the first line says how many there were', () => {
    const { connection } = createTestConnection();
    const requests = ['/a', '/b'].map((path, index) => ({ ...httpRequest, url: path, startedAt: now() + index }));
    const lines = linesOf({ connections: [connection], requests }, { limits: { requests: 1 } });

    expect(lines[0]).toMatchObject({ requests: 2, limits: { requests: 1 } });
    expect(lines.filter(({ type }) => type === 'request')).toMatchObject([{ url: '/a' }]);
  });

  test('totalBytes halves the limit of a payload until all fit, and the first line says so', () => {
    const { connection } = createTestConnection();
    for (let index = 0; index < 4; index++) receive(connection, 'x'.repeat(64));
    receive(connection, 'short');

    const limits = { payloadBytes: 128, totalBytes: 80 };
    const [first, ...others] = linesOf({ connections: [connection] }, { limits });
    expect(first).toMatchObject({ limits: { payloadBytes: 16, totalBytes: 80 } });
    expect(others.slice(1).map((line) => line['cut'])).toEqual([48, 48, 48, 48, undefined]);
  });
});

test.describe('masking', () => {
  test('sees every string of the lines', async () => {
    const owner = new FakeOwner();
    const { connection } = createTestConnection({
      owner,
      name: 'S3CRET',
      url: 'ws://S3CRET/',
      handshake: { url: 'ws://S3CRET/', statusText: 'S3CRET', headers: { a: 'S3CRET' }, extensions: 'S3CRET' },
    });
    receive(connection, 'S3CRET');
    connection.ping(Buffer.from('S3CRET'));
    const waiting = clientOf(connection).waitForMessage('the S3CRET');
    connection.close(4001, Buffer.from('S3CRET'));
    await expect(waiting).rejects.toThrow();
    const finding = { kind: 'handlerError', text: 'S3CRET', site: undefined } as const;

    const source = { connections: [connection], waits: owner.waits, findings: [finding], notes: [finding] };
    const maskText = (text: string): string => text.replaceAll('S3CRET', '***');
    expect(JSON.stringify(linesOf(source))).toContain('S3CRET');
    expect(JSON.stringify(linesOf(source, { maskText }))).not.toContain('S3CRET');
  });
});

test.describe('chunks', () => {
  test('are whole lines of about 256 KiB', () => {
    const { connection } = createTestConnection();
    for (let index = 0; index < 9000; index++) receive(connection, { index });

    const transcript = createTranscript({ connections: [connection], waits: [], findings: [] });
    const chunks = [...writeJsonl(transcript)];
    expect(chunks.length).toBeGreaterThan(3);
    for (const chunk of chunks) expect(chunk.at(-1)).toBe(0x0a);
    for (const chunk of chunks.slice(0, -1)) expect(Math.abs(chunk.length - 262_144)).toBeLessThan(1000);
  });
});

test.describe('any payload', () => {
  test('of a text frame comes back from text and base64', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
    );
    fc.assert(
      fc.property(bytes, (payload) => {
        const { connection } = createTestConnection();
        connection.message(Buffer.from(payload), false);
        const [{ base64, text }] = framesOf(connection, { maskText: (shown) => shown });

        const read = typeof base64 === 'string' ? Buffer.from(base64, 'base64') : Buffer.from(String(text));
        return text === Buffer.from(payload).toString('utf8') && read.equals(payload);
      }),
    );
  });

  test('of a binary frame comes back from base64', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (payload) => {
        const { connection } = createTestConnection();
        receive(connection, payload);
        const [{ base64 }] = framesOf(connection);

        expect(Buffer.from(String(base64), 'base64')).toEqual(Buffer.from(payload));
      }),
    );
  });

  test('is one line, with or without a cut', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(40), (payload, payloadBytes) => {
        const { connection } = createTestConnection();
        connection.message(Buffer.from(payload), false);
        const lines = linesOf({ connections: [connection] }, { limits: { payloadBytes } });

        expect(lines).toHaveLength(3);
        expect(Number(lines[2]['cut'] ?? 0)).toBeGreaterThanOrEqual(Math.max(0, payload.length - payloadBytes));
        expect(Number(lines[2]['cut'] ?? 0)).toBeLessThanOrEqual(Math.max(0, payload.length - payloadBytes) + 3);
      }),
    );
  });
});

function captureHere(): CallSite {
  return CallSite.capture(captureHere);
}
