import type { ConnectionOptions } from 'node:tls';
import type { OpenWire, WireListener } from '../connection/wire.ts';
import { createHandshake, type Handshake, type HandshakeFacts } from '../protocol/handshake.ts';
import type { Abortable } from '../support/abort.ts';
import { now } from '../support/clock.ts';
import { HandshakeError } from '../support/errors.ts';
import type { Answer } from './answer.ts';
import { noCookies, type CookieHeader } from './cookies.ts';
import { Dialer } from './dialer.ts';
import { describeAbort, describeFailure, describeInvalid, describeRefusal, describeTimeout } from './handshake-text.ts';
import { authenticated, basicHeader, hasHeader, type Hop, noRedirects, redirected, redirectOf } from './hop.ts';
import { Limit } from './limit.ts';
import type { TransportOptions } from './options.ts';
import { proxyFor } from './proxy.ts';
import { tlsFor, tlsForProxy } from './tls.ts';
import { hostOf } from './url.ts';
import {
  InvalidAnswerError,
  loadTransport,
  type Refusal,
  upgrade,
  type UpgradeFacts,
  type UpgradeOptions,
} from './ws-client.ts';

/** Options of the handshake that go to it as they were checked. */
export type HandshakeOptions = Pick<
  TransportOptions,
  | 'origin'
  | 'httpCredentials'
  | 'ignoreHTTPSErrors'
  | 'clientCertificates'
  | 'proxy'
  | 'maxRedirects'
  | 'timeout'
  | 'perMessageDeflate'
  | 'maxPayload'
  | 'maxFragments'
>;

/** Everything one opening handshake needs. */
export interface HandshakeRequest extends HandshakeOptions {
  /** A `ws:` or `wss:` URL without a fragment. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** `User-Agent` header, unless `headers` has one. */
  readonly userAgent?: string | undefined;
  readonly protocols: readonly string[];
  /** Where the cookies come from, as errors name it. */
  readonly cookieSource: string;
  /** Looked up for each URL that a request goes to. A `cookie` header in `headers` takes their place. */
  cookies(url: URL): CookieHeader | Promise<CookieHeader>;
  /** Longest time for the closing handshake, in milliseconds; then the socket is destroyed. */
  readonly closeTimeout: number;
}

/** 10 s: the default of Playwright's own actions against a slow server. */
export const defaultHandshakeTimeoutMs = 10_000;

/**
 * Prepares an opening handshake with a server: nothing happens before the result is called.
 *
 * It rejects with a `HandshakeError` and leaves no socket, timer or listener behind. What `request` holds is not checked
 * again.
 */
export function openClientWire(request: HandshakeRequest): OpenWire {
  return async (listener, signal) => {
    // Before the clock of the handshake begins.
    loadTransport();
    await new OpeningHandshake(request, listener, signal).run();
  };
}

/** Cookies to send, and how to speak TLS. */
type Prepared = readonly [CookieHeader, ConnectionOptions | undefined];

class OpeningHandshake {
  readonly #request: HandshakeRequest;
  readonly #listener: WireListener;
  readonly #signal: Abortable;
  readonly #limit: Limit;
  readonly #started = now();
  #hop: Hop;
  #cookies = noCookies;
  #dialer: Dialer | undefined;

  constructor(request: HandshakeRequest, listener: WireListener, signal: Abortable) {
    const { url, headers } = request;
    this.#request = request;
    this.#listener = listener;
    this.#signal = signal;
    this.#limit = new Limit(this.#timeout, signal);
    this.#hop = { url, headers, isForeign: false, isAuthenticated: false, redirects: noRedirects };
  }

  async run(): Promise<void> {
    try {
      for (;;) {
        const prepared = this.#prepare();
        // Without cookies and certificates to read the request goes out in the caller's turn.
        const dialer = this.#dial(prepared instanceof Promise ? await this.#limit.race(prepared) : prepared);
        const refusal = await this.#upgrade(dialer);
        if (refusal === undefined) return;
        dialer.destroy();
        this.#hop = this.#next(refusal);
      }
    } catch (error) {
      this.#dialer?.destroy();
      throw this.#explain(error);
    } finally {
      this.#limit.dispose();
    }
  }

  get #timeout(): number {
    return this.#request.timeout ?? defaultHandshakeTimeoutMs;
  }

  #prepare(): Prepared | Promise<Prepared> {
    const { url } = this.#hop;
    this.#limit.phase = 'cookies';
    const cookies = this.#lookUpCookies();
    const tls = url.protocol === 'wss:' ? tlsFor(url, this.#request) : undefined;
    return tls === undefined && !(cookies instanceof Promise) ? [cookies, tls] : Promise.all([cookies, tls]);
  }

  #dial([cookies, tls]: Prepared): Dialer {
    const { url } = this.#hop;
    this.#cookies = cookies;
    const proxy = proxyFor(url, this.#request.proxy);
    const proxyTls = proxy === undefined ? undefined : tlsForProxy(proxy.host, this.#request);
    this.#dialer = new Dialer({ url, tls, proxy, proxyTls }, this.#limit);
    return this.#dialer;
  }

  /** One request; `undefined` when it was accepted. Else its socket is to be destroyed. */
  #upgrade(dialer: Dialer): Promise<Refusal | undefined> {
    return upgrade({
      url: this.#hop.url,
      protocols: this.#request.protocols,
      options: this.#options(),
      dial: dialer.dial,
      listener: this.#listener,
      signal: this.#limit,
      refused: () => (this.#limit.phase = 'body'),
      accepted: (answer, facts) => this.#facts(answer, facts.requestLines, facts),
    });
  }

  #options(): UpgradeOptions {
    const { origin, perMessageDeflate, maxPayload, maxFragments, closeTimeout } = this.#request;
    return {
      headers: this.#headers(),
      ...(origin === undefined ? {} : { origin }),
      perMessageDeflate: perMessageDeflate ?? false,
      ...(maxPayload === undefined ? {} : { maxPayload }),
      ...(maxFragments === undefined ? {} : { maxFragments }),
      closeTimeout,
      // The connection answers pings itself, and records what it answers.
      autoPong: false,
      skipUTF8Validation: false,
      followRedirects: false,
    };
  }

  #headers(): Readonly<Record<string, string>> {
    const { headers } = this.#hop;
    const { userAgent } = this.#request;
    const authorization = basicHeader(this.#hop, this.#request.httpCredentials);
    const { header: cookie } = this.#cookies;
    if (userAgent === undefined && authorization === undefined && cookie === '') return headers;
    return {
      ...(userAgent === undefined || hasHeader(headers, 'user-agent') ? {} : { 'user-agent': userAgent }),
      ...(authorization === undefined || hasHeader(headers, 'authorization') ? {} : { authorization }),
      ...(cookie === '' ? {} : { cookie }),
      ...headers,
    };
  }

  #lookUpCookies(): CookieHeader | Promise<CookieHeader> {
    if (hasHeader(this.#hop.headers, 'cookie')) return noCookies;
    return this.#request.cookies(this.#hop.url);
  }

  /** The request after this refusal, when the options say that there is one. */
  #next({ answer, requestLines }: Refusal): Hop {
    if (this.#limit.ended === undefined) {
      const again = authenticated(this.#hop, answer, this.#request.httpCredentials) ?? this.#follow(answer);
      if (again !== undefined) return again;
    }
    throw new Refused(createHandshake(this.#facts(answer, requestLines)), answer);
  }

  #follow(answer: Answer): Hop | undefined {
    const redirect = redirectOf(this.#hop.url, answer);
    if (redirect === undefined || this.#hop.redirects.length >= (this.#request.maxRedirects ?? 0)) return undefined;
    return redirected(this.#hop, redirect);
  }

  /** @param facts Of an accepted one. */
  #facts(answer: Answer, requestLines: string, facts?: UpgradeFacts): HandshakeFacts {
    const { status, statusText, headerLines, body } = answer;
    return {
      accepted: facts !== undefined,
      url: this.#hop.url.href,
      status,
      statusText,
      headers: headerLines,
      requestHeaders: requestLines,
      body,
      protocol: facts?.protocol ?? '',
      extensions: facts?.extensions ?? '',
      duration: now() - this.#started,
    };
  }

  #explain(error: unknown): HandshakeError {
    const { url, cookieSource, httpCredentials, maxRedirects = 0 } = this.#request;
    const route = { url, hop: this.#hop };
    if (this.#signal.aborted) {
      const cause: unknown = this.#signal.reason;
      return new HandshakeError('WS_HANDSHAKE_ABORTED', describeAbort(route, cause), { cause });
    }
    if (error instanceof Refused) {
      const cookies = { source: cookieSource, count: this.#cookies.count };
      const message = describeRefusal(route, error.answer, { cookies, maxRedirects, httpCredentials });
      return new HandshakeError('WS_HANDSHAKE_REFUSED', message, { handshake: error.handshake });
    }
    if (error instanceof InvalidAnswerError) {
      const handshake = createHandshake(this.#facts(error.answer, error.requestLines));
      return new HandshakeError('WS_HANDSHAKE_INVALID', describeInvalid(route, error, this.#request.protocols), {
        handshake,
      });
    }
    const reached = {
      phase: this.#limit.phase,
      answerBegan: this.#dialer?.answerBegan === true,
      host: hostOf(this.#hop.url),
    };
    if (this.#limit.ended === 'timeout') {
      return new HandshakeError('WS_HANDSHAKE_TIMEOUT', describeTimeout(route, this.#timeout, reached));
    }
    return new HandshakeError('WS_HANDSHAKE_FAILED', describeFailure(route, error, reached), { cause: error });
  }
}

/** Ends the loop of requests. */
class Refused extends Error {
  readonly handshake: Handshake;
  readonly answer: Answer;

  constructor(handshake: Handshake, answer: Answer) {
    super();
    this.handshake = handshake;
    this.answer = answer;
  }
}
