import { type ClientRequest, IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import type * as wsPackage from 'ws';
import type { ClientOptions, WebSocket } from 'ws';
import type { WireListener } from '../connection/wire.ts';
import type { HandshakeFacts } from '../protocol/handshake.ts';
import type { Abortable } from '../support/abort.ts';
import { type Answer, answerOf, readBody, UpgradeAnswer } from './answer.ts';
import type { Dial } from './dialer.ts';
import type { AcceptLimits } from './violation.ts';
import { type Ear, guard, WsWire } from './ws-wire.ts';

const require = createRequire(import.meta.url);

/** One upgrade request. */
export interface UpgradeAttempt {
  readonly url: URL;
  readonly protocols: readonly string[];
  readonly options: UpgradeOptions;
  /** Makes the socket. */
  readonly dial: Dial;
  readonly listener: WireListener;
  /** Ends the attempt; while a refusal's body is read, ends that with what came. */
  readonly signal: Abortable;
  /** The body of a refusal is about to be read. */
  readonly refused: () => void;
  /** Called for an accepted handshake before its first frame. */
  readonly accepted: (answer: Answer, facts: UpgradeFacts) => HandshakeFacts;
}

/** Options of the `ws` package that we set; `closeTimeout` is missing in its types. */
export interface UpgradeOptions extends ClientOptions {
  readonly closeTimeout: number;
}

export interface UpgradeFacts {
  /** Negotiated subprotocol, or `''`. */
  readonly protocol: string;
  /** Negotiated extensions as in the header, or `''`. */
  readonly extensions: string;
  /** The headers that were sent, a line each. */
  readonly requestLines: string;
}

/** Another answer than 101. */
export interface Refusal {
  readonly answer: Answer;
  /** The headers that were sent, a line each. */
  readonly requestLines: string;
}

/** A 101 that breaks RFC 6455 section 4.1. */
export class InvalidAnswerError extends Error {
  override readonly name: string = 'InvalidAnswerError';
  readonly answer: Answer;
  readonly requestLines: string;

  constructor(message: string, answer: Answer, requestLines: string) {
    super(message);
    this.answer = answer;
    this.requestLines = requestLines;
  }
}

/** At the first connection: importing the package loads no transport. It takes time that is not the server's. */
export function loadTransport(): typeof wsPackage {
  return (loaded ??= require('ws'));
}

let loaded: typeof wsPackage | undefined;

/**
 * Sends one upgrade request and waits for its end: `undefined` when the server accepted and the listener has heard `open`.
 * Rejects with an {@link InvalidAnswerError}, with what the network or TLS reported, or with the signal's reason.
 */
export function upgrade(attempt: UpgradeAttempt): Promise<Refusal | undefined> {
  return new Promise((resolve, reject) => {
    if (attempt.signal.aborted) reject(attempt.signal.reason);
    else Upgrade.begin(attempt, { resolve, reject });
  });
}

interface Outcome {
  resolve(refusal: Refusal | undefined): void;
  reject(reason: unknown): void;
}

/** A socket of `ws` with one ear in place of listeners: a dozen of them would take 10 µs to add, and 1 kB. */
interface HeardSocket extends WebSocket {
  ear: Ear | undefined;
}

type HeardSocketClass = new (url: URL, protocols: string[], options: ClientOptions) => HeardSocket;

let heard: { readonly base: typeof WebSocket; readonly socketClass: HeardSocketClass } | undefined;

/** Made again when somebody has put another class in the place of that of `ws`, to see what is made of it. */
function heardSocketClass(): HeardSocketClass {
  const { WebSocket: base } = loadTransport();
  if (heard?.base !== base) heard = { base, socketClass: extended(base) };
  return heard.socketClass;
}

function extended(base: typeof WebSocket): HeardSocketClass {
  return class extends base implements HeardSocket {
    ear: Ear | undefined;

    /** Nothing that is emitted goes unheard: an `error` without a listener would end the process. */
    override emit(event: string | symbol, first?: unknown, second?: unknown): boolean {
      this.ear?.hear(event, first, second);
      return true;
    }
  };
}

/** One upgrade request. An open connection holds nothing of it: a test may keep thousands of them. */
class Upgrade implements Ear {
  readonly #attempt: UpgradeAttempt;
  readonly #outcome: Outcome;
  readonly #socket: HeardSocket;
  readonly #abort = (): void => this.#fail(this.#attempt.signal.reason);
  #request: ClientRequest | undefined;
  #answer: Answer | undefined;
  #extensions = '';
  #network: Socket | undefined;
  #isRefused = false;
  #isSettled = false;

  private constructor(attempt: UpgradeAttempt, outcome: Outcome) {
    this.#attempt = attempt;
    this.#outcome = outcome;
    // Assigned, since @types/ws takes `createConnection` for that of `node:net`.
    const options = Object.assign(attempt.options, { createConnection: attempt.dial });
    options.finishRequest = (request) => {
      this.#request = request;
      request.end();
    };
    this.#socket = new (heardSocketClass())(attempt.url, [...attempt.protocols], options);
    attempt.signal.addEventListener('abort', this.#abort);
  }

  static begin(attempt: UpgradeAttempt, outcome: Outcome): void {
    const begun = new Upgrade(attempt, outcome);
    begun.#socket.ear = begun;
  }

  hear(event: string | symbol, first: unknown, second: unknown): void {
    if (event === 'upgrade' && first instanceof IncomingMessage) this.#upgraded(first);
    if (event === 'unexpected-response' && second instanceof IncomingMessage) void this.#refuse(second);
    if (event === 'open') guard(() => this.#open());
    if (event === 'error' && first instanceof Error) this.#error(first);
  }

  #upgraded(response: IncomingMessage): void {
    this.#answer = new UpgradeAnswer(response);
    this.#extensions = response.headers['sec-websocket-extensions'] ?? '';
    this.#network = response.socket;
  }

  #open(): void {
    const answer = this.#answer;
    if (answer === undefined || this.#isSettled) return this.#socket.terminate();
    const { accepted, listener, options } = this.#attempt;
    const { protocol } = this.#socket;
    const facts = { protocol, extensions: this.#extensions, requestLines: this.#requestLines };
    const wire = new WsWire(this.#socket, {
      facts: accepted(answer, facts),
      listener,
      network: this.#network,
      limits: limitsOf(options),
    });
    this.#socket.binaryType = 'nodebuffer';
    this.#socket.ear = wire;
    endReceiverOnce(this.#socket);
    this.#settle();
    listener.open(wire);
    this.#outcome.resolve(undefined);
  }

  async #refuse(response: IncomingMessage): Promise<void> {
    const { signal } = this.#attempt;
    if (response.statusCode === 101) {
      // To Node.js a 101 without "Connection: Upgrade" and "Upgrade" is an answer like any other.
      this.#answer = new UpgradeAnswer(response);
      return this.#error(new Error(`Missing ${missingHeaders(this.#answer).join(' and ')}`));
    }
    // From here on an end of time, of the signal or of the network ends the body, and the refusal stands.
    this.#isRefused = true;
    signal.removeEventListener('abort', this.#abort);
    this.#attempt.refused();
    const answer = answerOf(response, await readBody(response, signal));
    if (this.#isSettled) return;
    this.#settle();
    this.#outcome.resolve({ answer, requestLines: this.#requestLines });
    this.#socket.terminate();
  }

  #error(error: Error): void {
    if (this.#isRefused) return;
    const answer = this.#answer;
    this.#fail(answer === undefined ? error : new InvalidAnswerError(error.message, answer, this.#requestLines));
  }

  #fail(reason: unknown): void {
    if (this.#isSettled) return;
    this.#settle();
    this.#outcome.reject(reason);
    this.#socket.terminate();
  }

  #settle(): void {
    this.#isSettled = true;
    this.#attempt.signal.removeEventListener('abort', this.#abort);
  }

  get #requestLines(): string {
    return this.#request === undefined ? '' : linesOf(this.#request);
  }
}

/** `ws` ends its receiver three times. Node.js makes an error with a stack for each end too many, 10 µs, for nobody. */
function endReceiverOnce(socket: WebSocket): void {
  const receiver = '_receiver' in socket ? socket._receiver : undefined;
  if (receiver instanceof Writable) receiver.end = endOnce;
}

function endOnce(this: Writable, ...args: unknown[]): Writable {
  const isEnd = args.length > 0 || !this.writableEnded;
  // oxlint-disable-next-line typescript/unbound-method -- bound here; none of its signatures takes any arguments
  if (isEnd) Reflect.apply(Writable.prototype.end, this, args);
  return this;
}

/** The headers of a request, a line each. Node.js has them as text behind the request line, but keeps that to itself. */
function linesOf(request: ClientRequest): string {
  if ('_header' in request && typeof request._header === 'string') {
    return request._header;
  }
  return Object.entries(request.getHeaders())
    .map(([name, value]) => `${name}: ${[value].flat().join(', ')}`)
    .join('\r\n');
}

/** Defaults of `ws`: 100 MiB, and 16 Ki frames of a message. */
const defaultLimits: AcceptLimits = { maxPayload: 100 * 1024 * 1024, maxFragments: 16 * 1024 };

function limitsOf({ maxFragments, maxPayload }: UpgradeOptions): AcceptLimits {
  if (maxFragments === undefined && maxPayload === undefined) return defaultLimits;
  return {
    maxPayload: maxPayload ?? defaultLimits.maxPayload,
    maxFragments: maxFragments ?? defaultLimits.maxFragments,
  };
}

/** What a 101 lacks, RFC 6455 section 4.1; at least one of them. */
function missingHeaders({ headers }: Answer): string[] {
  const missing = headers['upgrade'] === undefined ? ['Upgrade header'] : [];
  const hasConnection = /\bupgrade\b/i.test(headers['connection'] ?? '');
  return hasConnection ? missing : [...missing, '"Connection: Upgrade" header'];
}
