/**
 * The lines of `websocket.jsonl` as the page reads them; `docs/websocket-jsonl.md` describes them. Times are
 * milliseconds since the first connection began.
 */
export type Line =
  | TranscriptLine
  | ConnectionLine
  | FrameLine
  | CutLine
  | GapLine
  | WaitLine
  | RequestLine
  | FindingLine
  | UnknownLine;

/** The first line. */
export interface TranscriptLine {
  readonly type: 'transcript';
  readonly version: number;
  readonly startedAt: string;
  readonly frames: number;
  /** HTTP requests, and waits, those that were left out included. */
  readonly requests?: number;
  readonly waits?: number;
}

export interface HandshakeFields {
  readonly accepted: boolean;
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  readonly duration: number;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly subprotocol: string;
  readonly extensions: string;
  readonly body?: { readonly size: number } & PayloadText;
}

export interface CloseFields {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  readonly by: string;
  readonly meaning?: string;
  readonly ms: number;
}

export interface ConnectionLine {
  readonly type: 'connection';
  readonly name: string;
  readonly url: string;
  readonly location: string;
  readonly time: string;
  readonly ms: number;
  readonly openedMs?: number | undefined;
  readonly handshake?: HandshakeFields | undefined;
  readonly failure?: string;
  /** That it did not open is what the test asked for or asserted, or a finding tells of it. */
  readonly expected?: boolean;
  readonly close?: CloseFields;
}

/** A payload: text, or bytes where text does not tell them. */
export interface PayloadText {
  readonly text?: string;
  readonly base64?: string;
  /** Bytes that were left out behind what is here. */
  readonly cut?: number;
  /** Whether a secret was masked. */
  readonly masked?: boolean;
}

export type Opcode = 'text' | 'binary' | 'ping' | 'pong' | 'close';

export interface FrameLine extends PayloadText {
  readonly type: 'frame';
  readonly connection: string;
  readonly sequence: number;
  readonly time: string;
  readonly ms: number;
  readonly direction: 'sent' | 'received';
  readonly opcode: Opcode;
  readonly size: number;
  /** Number among the received messages of its connection, from 1. */
  readonly message?: number;
  readonly hiddenBy?: string;
  readonly invalid?: boolean;
  /** Of a binary message: what the codec of its client read, as JSON text. */
  readonly value?: string;
  readonly claimedBy?: { readonly method: string; readonly location: string };
  /** Of a close frame. */
  readonly code?: number;
  /** Of a close frame. */
  readonly reason?: string;
}

/** Stands where frames of a connection were left out. */
export interface CutLine {
  readonly type: 'cut';
  readonly connection: string;
  readonly frames: number;
  readonly bytes: number;
}

/** A time without a connection: it was lost, and `reconnect` tried to open it again. */
export interface GapLine {
  readonly type: 'gap';
  readonly connection: string;
  readonly sequence: number;
  readonly ms: number;
  /** When it was open again, or given up. */
  readonly endedMs?: number | undefined;
  readonly recovered: boolean;
  readonly close: Omit<CloseFields, 'ms'>;
  readonly failure?: string;
  readonly attempts: readonly AttemptFields[];
}

/** One attempt to open a connection again. */
export interface AttemptFields {
  readonly number: number;
  readonly ms: number;
  readonly endedMs?: number | undefined;
  readonly failure?: string;
  readonly handshake?: HandshakeFields;
}

export interface WaitLine {
  readonly type: 'wait';
  readonly method: string;
  readonly call: string;
  readonly location: string;
  readonly connections: readonly string[];
  readonly outcome: string;
  readonly startedMs: number;
  readonly endedMs?: number | undefined;
  readonly timeout: number;
  readonly claimed: readonly number[];
  readonly decidedBy?: number;
  /** Sequence number of the message that came nearest. */
  readonly nearest?: number;
  /** The message that came too late. */
  readonly late?: { readonly sequence: number; readonly afterMs: number };
  readonly expected?: string;
  readonly where?: string;
  readonly detail?: string;
}

/** An HTTP request of the test. */
export interface RequestLine {
  readonly type: 'request';
  /** `test`, or `page` of its browser. */
  readonly source: string;
  readonly method: string;
  readonly url: string;
  readonly status?: number;
  readonly statusText?: string;
  readonly startedMs: number;
  readonly endedMs?: number;
  readonly failure?: string;
}

export interface FindingLine {
  /** A finding fails the test; a note does not, since the test had failed already. */
  readonly type: 'finding' | 'note';
  readonly kind: string;
  readonly text: string;
  readonly location: string;
}

/** A line of a later version of the format; it is skipped. */
export interface UnknownLine {
  readonly type: 'unknown';
}

/** What our own writer wrote, by its `type`: the fields are not checked one by one. */
export function parseLine(text: string): Line {
  const value: unknown = JSON.parse(text);
  return isLine(value) ? value : { type: 'unknown' };
}

const types: ReadonlySet<unknown> = new Set<Line['type']>([
  'transcript',
  'connection',
  'frame',
  'cut',
  'gap',
  'wait',
  'request',
  'finding',
  'note',
]);

function isLine(value: unknown): value is Line {
  return typeof value === 'object' && value !== null && 'type' in value && types.has(value.type);
}
