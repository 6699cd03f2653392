import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ClientRequest, IncomingMessage } from 'node:http';
import { now } from '../support/clock.ts';
import { errorMessage } from '../support/errors.ts';
import type { HttpRequest } from '../transcript/http-request.ts';

// Seen in Node.js 20 to 24.
const startChannel = 'http.client.request.start';
const answerChannel = 'http.client.response.finish';
const errorChannel = 'http.client.request.error';

/** A request that is written down while it runs. */
export type OpenRequest = { -readonly [Name in keyof HttpRequest]: HttpRequest[Name] };

/**
 * HTTP requests of one test, in the order in which they began. Those of the test's process are seen on the channels on
 * which Node.js tells of them, since Playwright sends those of `request` in this process: nothing stands between the
 * test and its `request`.
 */
export class HttpRequests {
  readonly all: OpenRequest[] = [];
  readonly #open = new WeakMap<ClientRequest, OpenRequest>();
  #isStopped = false;
  #hearsEnds = false;

  start(): void {
    subscribe(startChannel, this.#started);
  }

  /** What is under way stays as it is. */
  stop(): void {
    this.#isStopped = true;
    unsubscribe(startChannel, this.#started);
    if (!this.#hearsEnds) return;
    unsubscribe(answerChannel, this.#answered);
    unsubscribe(errorChannel, this.#failed);
  }

  /** Adds a request; changes of what is returned count until the test ends. */
  add(request: OpenRequest): OpenRequest {
    if (!this.#isStopped) this.all.push(request);
    return request;
  }

  /** With the first request: most tests that ask for clients send none, and a listener takes 50 µs to add and remove. */
  #hearEnds(): void {
    if (this.#hearsEnds) return;
    this.#hearsEnds = true;
    subscribe(answerChannel, this.#answered);
    subscribe(errorChannel, this.#failed);
  }

  readonly #started = (event: unknown): void => {
    const request = requestOf(event);
    // Opening handshakes are in the evidence as connections; CONNECT opens a tunnel for a request that is told as well.
    if (request === undefined || request.getHeader('upgrade') !== undefined || request.method === 'CONNECT') return;
    this.#hearEnds();
    const open = this.add({ source: 'test', method: request.method, url: urlOf(request), startedAt: now() });
    this.#open.set(request, open);
    request.once('close', () => {
      open.endedAt ??= now();
      if (open.status === undefined) open.failure ??= 'aborted';
    });
  };

  readonly #answered = (event: unknown): void => {
    const request = requestOf(event);
    const response = responseOf(event);
    const open = request === undefined ? undefined : this.#open.get(request);
    if (open === undefined || response === undefined) return;
    open.status = response.statusCode;
    open.statusText = response.statusMessage;
  };

  readonly #failed = (event: unknown): void => {
    const request = requestOf(event);
    const open = request === undefined ? undefined : this.#open.get(request);
    if (open === undefined) return;
    open.endedAt = now();
    open.failure = errorMessage(propertyOf(event, 'error'));
  };
}

function requestOf(event: unknown): ClientRequest | undefined {
  const request = propertyOf(event, 'request');
  return request instanceof ClientRequest ? request : undefined;
}

function responseOf(event: unknown): IncomingMessage | undefined {
  const response = propertyOf(event, 'response');
  return response instanceof IncomingMessage ? response : undefined;
}

function propertyOf(event: unknown, name: string): unknown {
  return typeof event === 'object' && event !== null ? Reflect.get(event, name) : undefined;
}

/** Through a proxy the path is the whole URL, RFC 9112 section 3.2.2. */
function urlOf(request: ClientRequest): string {
  const { host, path, protocol } = request;
  if (URL.canParse(path)) return path;
  return `${protocol}//${String(request.getHeader('host') ?? host)}${path}`;
}
