import type {
  ConnectionLine,
  FindingLine,
  FrameLine,
  HandshakeFields,
  Line,
  RequestLine,
  TranscriptLine,
  WaitLine,
} from '../../src/transcript/viewer/lines.ts';

const startedAt = Date.UTC(2026, 10, 21, 9, 30);

/** The lines of one transcript, with times as a test wants them. */
export function linesOf(lines: readonly Line[]): string {
  const frames = lines.reduce((sum, line) => sum + framesOf(line), 0);
  const first: TranscriptLine = { type: 'transcript', version: 1, startedAt: isoTime(0), frames };
  return [first, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** How many frames a line stands for. */
function framesOf(line: Line): number {
  return line.type === 'cut' ? line.frames : Number(line.type === 'frame');
}

export function connection(facts: Partial<ConnectionLine> = {}): ConnectionLine {
  const { ms = 0, name = 'orders' } = facts;
  const url = `ws://127.0.0.1:4040/${name}`;
  return {
    type: 'connection',
    name,
    url,
    location: 'orders.spec.ts:7',
    time: isoTime(ms),
    ms,
    openedMs: ms + 8,
    handshake: handshake({ url }),
    ...facts,
  };
}

export function handshake(facts: Partial<HandshakeFields> = {}): HandshakeFields {
  return {
    accepted: true,
    url: 'ws://127.0.0.1:4040/orders',
    status: 101,
    statusText: 'Switching Protocols',
    duration: 8,
    requestHeaders: { host: '127.0.0.1:4040', 'sec-websocket-protocol': 'orders.v1, orders.v2', cookie: '***' },
    responseHeaders: { upgrade: 'websocket', 'sec-websocket-protocol': 'orders.v2' },
    subprotocol: 'orders.v2',
    extensions: '',
    ...facts,
  };
}

/** A received text frame, when nothing else is said. A received message has the number of its place. */
export function frame(sequence: number, facts: Partial<FrameLine> = {}): FrameLine {
  const { direction, hiddenBy, ms = sequence * 10, opcode = 'text' } = facts;
  const isMessage = direction !== 'sent' && hiddenBy === undefined && (opcode === 'text' || opcode === 'binary');
  const text = opcode === 'binary' || opcode === 'close' ? undefined : (facts.text ?? `{"n":${sequence}}`);
  return {
    type: 'frame',
    connection: 'orders',
    sequence,
    time: isoTime(ms),
    ms,
    direction: 'received',
    opcode,
    size: Buffer.byteLength(text ?? '') || Buffer.from(facts.base64 ?? '', 'base64').length,
    ...(isMessage ? { message: sequence } : {}),
    ...(text === undefined ? {} : { text }),
    ...facts,
  };
}

export function wait(facts: Partial<WaitLine> = {}): WaitLine {
  return {
    type: 'wait',
    method: 'toReceiveMessage',
    call: 'expect(client).toReceiveMessage(expected)',
    location: 'orders.spec.ts:12',
    connections: ['orders'],
    outcome: 'passed',
    startedMs: 10,
    endedMs: 20,
    timeout: 5000,
    claimed: [],
    ...facts,
  };
}

export function request(facts: Partial<RequestLine> = {}): RequestLine {
  return {
    type: 'request',
    source: 'test',
    method: 'POST',
    url: 'http://127.0.0.1:4040/api/orders/42/pay',
    status: 200,
    statusText: 'OK',
    startedMs: 30,
    endedMs: 44,
    ...facts,
  };
}

export function finding(facts: Partial<FindingLine> = {}): FindingLine {
  return {
    type: 'finding',
    kind: 'unexpectedClose',
    text: 'orders closed with 4001 "kicked", by the server',
    location: 'orders.spec.ts:7',
    ...facts,
  };
}

function isoTime(ms: number): string {
  return new Date(startedAt + ms).toISOString();
}
