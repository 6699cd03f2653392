import type { ClientRequest, IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type * as wsPackage from 'ws';
import type { ClientOptions, WebSocket } from 'ws';
import type { WireListener } from '../connection/wire.ts';
import type { Handshake } from '../protocol/handshake.ts';
import { type Answer, answerOf, readBody, upgradeAnswer } from './answer.ts';
import { violationOf, type AcceptLimits } from './violation.ts';
import { guard, throwLater, WsWire } from './ws-wire.ts';

const require = createRequire(import.meta.url);

/** One upgrade request. */
export interface UpgradeAttempt {
  readonly url: URL;
  readonly protocols: readonly string[];
  readonly options: UpgradeOptions;
  readonly listener: WireListener;
  /** Ends the attempt; while a refusal's body is read, ends that with what came. */
  readonly signal: AbortSignal;
  /** The body of a refusal is about to be read. */
  readonly refused: () => void;
  /** Called for an accepted handshake before its first frame. */
  readonly accepted: (answer: Answer, facts: UpgradeFacts) => Handshake;
}

/** Options of the `ws` package that we set; `closeTimeout` is missing in its types. */
export interface UpgradeOptions extends ClientOptions {
  readonly closeTimeout: number;
}

export interface UpgradeFacts {
  /** Negotiated subprotocol, or `''`. */
  readonly protocol: string;
  /** The headers that were sent, names in lower case. */
  readonly requestHeaders: Readonly<Record<string, string>>;
}

/** Another answer than 101. */
export interface Refusal {
  readonly answer: Answer;
  /** The headers that were sent, names in lower case. */
  readonly requestHeaders: Readonly<Record<string, string>>;
}

/** A 101 that breaks RFC 6455 section 4.1. */
export class InvalidAnswerError extends Error {
  override readonly name: string = 'InvalidAnswerError';
  readonly answer: Answer;
  readonly requestHeaders: Readonly<Record<string, string>>;

  constructor(message: string, answer: Answer, requestHeaders: Readonly<Record<string, string>>) {
    super(message);
    this.answer = answer;
    this.requestHeaders = requestHeaders;
  }
}

/** At the first connection: importing the package loads no transport. It takes time that is not the server's. */
export function loadTransport(): typeof wsPackage {
  return require('ws');
}

/**
 * Sends one upgrade request and waits for its end: `undefined` when the server accepted and the listener has heard `open`.
 * Rejects with an {@link InvalidAnswerError}, with what the network or TLS reported, or with the signal's reason.
 */
export function upgrade(attempt: UpgradeAttempt): Promise<Refusal | undefined> {
  return new Promise((resolve, reject) => new Upgrade(attempt, { resolve, reject }));
}

interface Outcome {
  resolve(refusal: Refusal | undefined): void;
  reject(reason: unknown): void;
}

/** One upgrade request. An open connection holds nothing of it: a test may keep thousands of them. */
class Upgrade {
  readonly #attempt: UpgradeAttempt;
  readonly #outcome: Outcome;
  readonly #socket: WebSocket;
  readonly #abort = (): void => this.#fail(this.#attempt.signal.reason);
  #request: ClientRequest | undefined;
  #answer: Answer | undefined;
  #network: Socket | undefined;
  #isRefused = false;
  #isSettled = false;

  constructor(attempt: UpgradeAttempt, outcome: Outcome) {
    this.#attempt = attempt;
    this.#outcome = outcome;
    const ws = loadTransport();
    this.#socket = new ws.WebSocket(attempt.url, [...attempt.protocols], {
      ...attempt.options,
      finishRequest: (request: ClientRequest) => {
        this.#request = request;
        request.end();
      },
    });
    this.#listen();
    attempt.signal.addEventListener('abort', this.#abort);
    if (attempt.signal.aborted) this.#abort();
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('upgrade', (response) => {
      this.#answer = upgradeAnswer(response);
      this.#network = response.socket;
    });
    socket.on('unexpected-response', (_request, response) => void this.#refuse(response));
    socket.on('open', () => guard(() => this.#open()));
    socket.on('error', (error) => this.#error(error));
  }

  #open(): void {
    const answer = this.#answer;
    if (answer === undefined || this.#isSettled) return this.#socket.terminate();
    const { accepted, listener, options } = this.#attempt;
    const facts = { protocol: this.#socket.protocol, requestHeaders: this.#requestHeaders };
    const wire = new WsWire(this.#socket, {
      handshake: accepted(answer, facts),
      listener,
      network: this.#network,
    });
    this.#socket.removeAllListeners();
    const { maxFragments = defaultMaxFragments, maxPayload = defaultMaxPayload } = options;
    relay(this.#socket, listener, { network: this.#network, maxFragments, maxPayload });
    this.#settle();
    listener.open(wire);
    this.#outcome.resolve(undefined);
  }

  async #refuse(response: IncomingMessage): Promise<void> {
    const { signal } = this.#attempt;
    if (response.statusCode === 101) {
      // To Node.js a 101 without "Connection: Upgrade" and "Upgrade" is an answer like any other.
      this.#answer = upgradeAnswer(response);
      return this.#error(new Error(`Missing ${missingHeaders(this.#answer).join(' and ')}`));
    }
    // From here on an end of time, of the signal or of the network ends the body, and the refusal stands.
    this.#isRefused = true;
    signal.removeEventListener('abort', this.#abort);
    this.#attempt.refused();
    const answer = answerOf(response, await readBody(response, signal));
    if (this.#isSettled) return;
    this.#settle();
    this.#outcome.resolve({ answer, requestHeaders: this.#requestHeaders });
    this.#socket.terminate();
  }

  #error(error: Error): void {
    if (this.#isRefused) return;
    const answer = this.#answer;
    this.#fail(answer === undefined ? error : new InvalidAnswerError(error.message, answer, this.#requestHeaders));
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

  get #requestHeaders(): Record<string, string> {
    const headers = Object.entries(this.#request?.getHeaders() ?? {});
    return Object.fromEntries(headers.map(([name, value]) => [name, [value].flat().join(', ')]));
  }
}

/** Defaults of `ws`: 100 MiB, and 16 Ki frames of a message. */
const defaultMaxPayload = 100 * 1024 * 1024;
const defaultMaxFragments = 16 * 1024;

interface OpenFacts extends AcceptLimits {
  /** The socket below: knows why a connection broke. */
  readonly network: Socket | undefined;
}

/**
 * Tells the listener what the open socket hears. In the turn of the 101, so before any frame that came with it: `ws` reads
 * on in the next turn.
 */
function relay(socket: WebSocket, listener: WireListener, { network, ...limits }: OpenFacts): void {
  socket.binaryType = 'nodebuffer';
  socket.on('message', (data, isBinary) => {
    // As `guard` does, without a closure a message.
    try {
      listener.message(bytesOf(data), isBinary);
    } catch (error) {
      throwLater(error);
    }
  });
  socket.on('ping', (payload) => guard(() => listener.ping(payload)));
  socket.on('pong', (payload) => guard(() => listener.pong(payload)));
  // Stays for ever: an error without a listener would end the process.
  socket.on('error', (reported) => {
    const { closeCode, error } = violationOf(reported, limits);
    guard(() => listener.error(error, closeCode));
  });
  socket.on('close', (code, reason) => guard(() => listener.close(code, reason, causeOf(code, network))));
}

/** Why there was no close frame; `undefined` when there was one, and when this side ended the connection. */
function causeOf(code: number, network: Socket | undefined): Error | undefined {
  if (code !== 1006 || network === undefined) return undefined;
  // `ws` keeps it to itself.
  const { errored } = network;
  if (errored !== null) return new Error(`The connection broke: ${errored.message}`, { cause: errored });
  return network.readableEnded ? new Error('The server ended the connection without a close frame') : undefined;
}

/** What a 101 lacks, RFC 6455 section 4.1; at least one of them. */
function missingHeaders({ headers }: Answer): string[] {
  const missing = headers['upgrade'] === undefined ? ['Upgrade header'] : [];
  const hasConnection = /\bupgrade\b/i.test(headers['connection'] ?? '');
  return hasConnection ? missing : [...missing, '"Connection: Upgrade" header'];
}

/** With `nodebuffer` it always is a Buffer; the types of `ws` allow for the other kinds. */
function bytesOf(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
