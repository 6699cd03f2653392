import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { connect } from '../../src/client.ts';
import type { WebSocketClient } from '../../src/connection/web-socket-client.ts';
import { closePayload, frame, type FrameParts } from '../helpers/raw-frame.ts';
import type { RawPeer } from '../helpers/raw-peer.ts';
import { startRawServer, type RawServer } from '../helpers/raw-server.ts';
import { expect, test } from '../helpers/test.ts';
import { accepted } from './accepted.ts';
import { decodeServerBytes, shown, type Decoded } from './reference-decoder.ts';

const limits = { maxPayload: 70_000, maxFragments: 4 };

/** What a server does with one connection. */
interface Sent {
  readonly bytes: Buffer;
  /** Where the bytes are cut into writes, as parts of the whole. */
  readonly cuts: readonly number[];
}

test('whatever a server sends in whatever pieces, a client records what RFC 6455 reads, and ends as it says', async () => {
  await using server = await startRawServer();
  await fc.assert(
    fc.asyncProperty(anySent(), async (sent) => {
      const actual = await play(server, sent);
      const wanted = outcomeOf(decodeServerBytes(sent.bytes, limits));
      // `expect` costs more than all the rest: it only draws the difference.
      if (!isDeepStrictEqual(actual, wanted)) expect(actual).toEqual(wanted);
    }),
    { numRuns: 150, ...replayed() },
  );
});

test('the fuzzed bytes are of every kind', () => {
  const ends = fc.sample(anySent(), { numRuns: 400, seed: 1 }).map(({ bytes }) => decodeServerBytes(bytes, limits));
  const kinds = new Set(ends.map(({ end }) => (end.kind === 'violation' ? `violation ${end.code}` : end.kind)));

  expect([...kinds].toSorted()).toEqual([
    'close',
    'open',
    'violation 1002',
    'violation 1007',
    'violation 1008',
    'violation 1009',
  ]);
  expect(ends.some(({ frames }) => frames.length > 10)).toBe(true);
});

/** `SEED=… npx playwright test` repeats a run that failed. */
function replayed(): { seed?: number } {
  const seed = process.env['SEED'];
  return seed === undefined ? {} : { seed: Number(seed) };
}

/** Everything that can be seen of one connection, at both ends. */
interface Seen {
  readonly received: readonly string[];
  readonly sent: readonly string[];
  readonly closeInfo: object;
  readonly errors: readonly string[];
}

async function play(server: RawServer, { bytes, cuts }: Sent): Promise<Seen> {
  const errors: string[] = [];
  const on = { error: (error: Error): unknown => errors.push('code' in error ? String(error.code) : error.message) };
  const [client, peer] = await accepted(server, connect(server.url, { ...limits, on }));
  for (const piece of pieces(bytes, cuts)) {
    await peer.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await peer.end();
  const closeInfo = await client.closed;
  return { received: receivedBy(client), sent: await framesFrom(peer), closeInfo, errors };
}

/** What has to be seen when the server sends this, and then ends. */
function outcomeOf({ end, frames }: Decoded): Seen {
  const pongs = frames.filter((one) => one.startsWith('ping')).map((one) => one.replace('ping', 'pong'));
  if (end.kind === 'open') {
    return { received: frames, sent: pongs, closeInfo: lost('network'), errors: [] };
  }
  if (end.kind === 'violation') {
    const sent = [...pongs, shown('close', closePayload(end.code))];
    return { received: frames, sent, closeInfo: lost('client'), errors: ['WS_PROTOCOL_ERROR'] };
  }
  const payload = closePayload(end.code, end.reason);
  const reason = end.reason.toString();
  return {
    received: [...frames, shown('close', payload)],
    sent: [...pongs, shown('close', payload)],
    closeInfo: { code: end.code ?? 1005, reason, wasClean: true, by: 'server' },
    errors: [],
  };
}

function lost(by: string): object {
  return { code: 1006, reason: '', wasClean: false, by };
}

function receivedBy(client: WebSocketClient): string[] {
  const received = client.frames.filter(({ direction }) => direction === 'received');
  return received.map(({ opcode, payload }) => shown(opcode, payload));
}

const kinds: Readonly<Record<number, string>> = { 8: 'close', 9: 'ping', 10: 'pong' };

async function framesFrom(peer: RawPeer): Promise<string[]> {
  const frames: string[] = [];
  for (;;) {
    const next = await peer.readFrame().catch(() => undefined);
    if (next === undefined) return frames;
    frames.push(shown(kinds[next.opcode] ?? `opcode ${next.opcode}`, next.payload));
  }
}

function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => Math.floor(cut * bytes.length)), bytes.length].toSorted((a, b) => a - b);
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

function anySent(): fc.Arbitrary<Sent> {
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  const items = fc.oneof({ weight: 12, arbitrary: anyMessage() }, { weight: 5, arbitrary: anyControl() });
  const last = fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: anyClose() },
    { weight: 6, arbitrary: anyBroken() },
    { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 30 }).map((noise) => [Buffer.from(noise)]) },
  );
  // After the end comes more, that nobody must see.
  const all = fc.tuple(fc.array(items, { maxLength: 12 }), last, fc.array(items, { maxLength: 2 }));
  const bytes = all.map(([before, end, after]) => Buffer.concat([...before.flat(), ...end, ...after.flat()]));
  const kept = fc.option(part, { freq: 6, nil: 1 });
  return fc
    .record({ bytes, kept, cuts: fc.array(part, { maxLength: 6 }) })
    .map(({ bytes: whole, cuts, kept: share }) => ({
      bytes: whole.subarray(0, Math.ceil(whole.length * share)),
      cuts,
    }));
}

/** One message in one or more frames, characters cut anywhere, control frames in between. */
function anyMessage(): fc.Arbitrary<Buffer[]> {
  const text = anyText().map((payload) => ({ opcode: 'text' as const, payload: Buffer.from(payload) }));
  const binary = anyBytes().map((payload) => ({ opcode: 'binary' as const, payload }));
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  const cuts = fc.oneof(fc.constant([]), fc.array(part, { maxLength: 3 }));
  return fc
    .tuple(fc.oneof(text, binary), cuts, fc.array(anyControl(), { maxLength: 2 }))
    .map(([whole, at, between]) => {
      const parts = pieces(whole.payload, at);
      return parts.flatMap((payload, index) => [
        frame({ opcode: index === 0 ? whole.opcode : 'continuation', fin: index === parts.length - 1, payload }),
        ...(index === parts.length - 1 ? [] : between.flat()),
      ]);
    });
}

function anyText(): fc.Arbitrary<string> {
  return fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.json({ maxDepth: 2 }));
}

/** Around the sizes at which the header changes. */
function anyBytes(): fc.Arbitrary<Buffer> {
  const small = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
  const sized = fc.constantFrom(125, 126, 127, 65_535, 65_536, 70_000).map((size) => Buffer.alloc(size, 'pattern '));
  return fc.oneof({ weight: 6, arbitrary: small }, { weight: 1, arbitrary: sized });
}

function anyControl(): fc.Arbitrary<Buffer[]> {
  const payload = fc.uint8Array({ maxLength: 125 }).map((bytes) => Buffer.from(bytes));
  return fc
    .record({ opcode: fc.constantFrom('ping' as const, 'pong' as const), payload })
    .map((parts) => [frame(parts)]);
}

function anyClose(): fc.Arbitrary<Buffer[]> {
  const code = fc.constantFrom(undefined, 1000, 1001, 1011, 1014, 3000, 4999);
  return fc.tuple(code, fc.string({ unit: 'grapheme', maxLength: 10 })).map(([one, reason]) => {
    const payload = closePayload(one, one === undefined ? '' : reason).subarray(0, 125);
    return [frame({ opcode: 'close', payload })];
  });
}

function anyBroken(): fc.Arbitrary<Buffer[]> {
  const badCode = fc.constantFrom(0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535);
  const part = { opcode: 'continuation', fin: false, payload: 'x' } as const;
  const lists: readonly FrameParts[][] = [
    [{ payload: Buffer.from([0xc3, 0x28]) }],
    [
      { fin: false, payload: Buffer.from([0xe2, 0x82]) },
      { opcode: 'continuation', payload: '.' },
    ],
    [{ mask: true, payload: 'x' }],
    [{ rsv: 4 }],
    [{ rsv: 1, opcode: 'ping' }],
    [{ opcode: 'ping', payload: Buffer.alloc(126) }],
    [{ opcode: 'pong', fin: false }],
    [part],
    [{ fin: false, payload: 'a' }, { payload: 'b' }],
    [{ fin: false, payload: 'a' }, part, part, part, part],
    [{ fin: false, payload: 'a' }, part, { opcode: 'ping' }, part, part, { ...part, fin: true }],
    [{ opcode: 'binary', payload: Buffer.alloc(70_001) }],
    [
      { fin: false, payload: Buffer.alloc(40_000, 'x') },
      { opcode: 'continuation', payload: Buffer.alloc(40_000, 'x') },
    ],
    [{ opcode: 'binary', length: 2 ** 60 }],
    [{ opcode: 'close', payload: Buffer.from([3]) }],
    [{ opcode: 'close', payload: closePayload(1000, Buffer.from([0xff])) }],
  ];
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...lists).map((parts) => parts.map((one) => frame(one))) },
    { weight: 1, arbitrary: fc.constantFrom(3, 4, 7, 11, 15).map((opcode) => [frame({ opcode })]) },
    { weight: 1, arbitrary: badCode.map((code) => [frame({ opcode: 'close', payload: closePayload(code) })]) },
  );
}
