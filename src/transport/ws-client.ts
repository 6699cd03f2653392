import type { ClientRequest, IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { ClientOptions, WebSocket } from 'ws';
import type { WireListener } from '../connection/wire.ts';
import type { Handshake } from '../protocol/handshake.ts';
import { type Answer, answerOf, readBody, upgradeAnswer } from './answer.ts';
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
  #isSettled = false;

  constructor(attempt: UpgradeAttempt, outcome: Outcome) {
    this.#attempt = attempt;
    this.#outcome = outcome;
    // At the first connection: importing the package loads no transport.
    const ws: typeof import('ws') = require('ws');
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
    });
    socket.on('unexpected-response', (_request, response) => void this.#refuse(response));
    socket.on('open', () => guard(() => this.#open()));
    socket.on('error', (error) => this.#error(error));
  }

  #open(): void {
    const answer = this.#answer;
    if (answer === undefined || this.#isSettled) return this.#socket.terminate();
    const { accepted, listener } = this.#attempt;
    const facts = { protocol: this.#socket.protocol, requestHeaders: this.#requestHeaders };
    const wire = new WsWire(this.#socket, accepted(answer, facts), listener);
    this.#socket.removeAllListeners();
    relay(this.#socket, listener);
    this.#settle();
    listener.open(wire);
    this.#outcome.resolve(undefined);
  }

  async #refuse(response: IncomingMessage): Promise<void> {
    const { signal } = this.#attempt;
    if (response.statusCode === 101) {
      // To Node.js a 101 without "Connection: Upgrade" and "Upgrade" is an answer like any other.
      this.#answer = upgradeAnswer(response);
      return this.#error(new Error('Missing Upgrade or Connection header'));
    }
    // From here on an end of time or of the signal ends the body, and the refusal stands.
    signal.removeEventListener('abort', this.#abort);
    this.#attempt.refused();
    const answer = answerOf(response, await readBody(response, signal));
    if (this.#isSettled) return;
    this.#settle();
    this.#outcome.resolve({ answer, requestHeaders: this.#requestHeaders });
    this.#socket.terminate();
  }

  #error(error: Error): void {
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

/**
 * Tells the listener what the open socket hears. In the turn of the 101, so before any frame that came with it: `ws` reads
 * on in the next turn.
 */
function relay(socket: WebSocket, listener: WireListener): void {
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
  socket.on('error', (error) => guard(() => listener.error(error)));
  socket.on('close', (code, reason) => guard(() => listener.close(code, reason)));
}

/** With `nodebuffer` it always is a Buffer; the types of `ws` allow for the other kinds. */
function bytesOf(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
