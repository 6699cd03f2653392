import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ClientRequest, IncomingMessage } from 'node:http';
import { now } from '../support/clock.ts';
import { errorMessage } from '../support/errors.ts';
import type { HttpRequest } from '../transcript/http-request.ts';

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

  start(): void {
    for (const [channel, listener] of this.#listeners) subscribe(channel, listener);
  }

  /** What is under way stays as it is. */
  stop(): void {
    this.#isStopped = true;
    for (const [channel, listener] of this.#listeners) unsubscribe(channel, listener);
  }

  /** Adds a request; changes of what is returned count until the test ends. */
  add(request: OpenRequest): OpenRequest {
    if (!this.#isStopped) this.all.push(request);
    return request;
  }

  /** Seen in Node.js 20 to 24. */
  readonly #listeners: readonly (readonly [channel: string, listener: (event: unknown) => void])[] = [
    ['http.client.request.start', (event) => this.#started(requestOf(event))],
    ['http.client.response.finish', (event) => this.#answered(requestOf(event), responseOf(event))],
    ['http.client.request.error', (event) => this.#failed(requestOf(event), propertyOf(event, 'error'))],
  ];

  #started(request: ClientRequest | undefined): void {
    // Opening handshakes are in the evidence as connections; CONNECT opens a tunnel for a request that is told as well.
    if (request === undefined || request.getHeader('upgrade') !== undefined || request.method === 'CONNECT') return;
    const open = this.add({ source: 'test', method: request.method, url: urlOf(request), startedAt: now() });
    this.#open.set(request, open);
    request.once('close', () => {
      open.endedAt ??= now();
      if (open.status === undefined) open.failure ??= 'aborted';
    });
  }

  #answered(request: ClientRequest | undefined, response: IncomingMessage | undefined): void {
    const open = request === undefined ? undefined : this.#open.get(request);
    if (open === undefined || response === undefined) return;
    open.status = response.statusCode;
    open.statusText = response.statusMessage;
  }

  #failed(request: ClientRequest | undefined, error: unknown): void {
    const open = request === undefined ? undefined : this.#open.get(request);
    if (open === undefined) return;
    open.endedAt = now();
    open.failure = errorMessage(error);
  }
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
