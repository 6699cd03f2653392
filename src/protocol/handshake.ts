/** What the server answered to the opening handshake, accepted or refused. */
export interface Handshake {
  /** Whether the server answered 101 and the answer was valid. */
  readonly accepted: boolean;
  /** The URL of the last request, redirects followed. */
  readonly url: string;
  /** HTTP status code; 101 when accepted. */
  readonly status: number;
  /** HTTP reason phrase; may be `''`. */
  readonly statusText: string;
  /** Response headers, names in lower case; repeated ones joined with `, ` (`set-cookie`: with a newline). */
  readonly headers: Readonly<Record<string, string>>;
  /** The headers that were sent, names in lower case. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** The whole body of a refusal, its content coding undone, at most 16 MiB; empty when accepted. */
  readonly body: Buffer;
  /** The negotiated subprotocol, or `''`. */
  readonly protocol: string;
  /** The negotiated extensions as in the header, or `''`. */
  readonly extensions: string;
  /** Milliseconds from the start of the handshake to its end: DNS, TCP, TLS, proxy, redirects, upgrade. */
  readonly duration: number;
  /** The body as UTF-8 text. */
  text(): string;
  /**
   * The body as JSON.
   *
   * @throws {SyntaxError} when the body is not JSON.
   */
  json(): unknown;
}

/** Names in lower case; repeated ones joined with `, ` (`set-cookie`: with a newline). */
export type HandshakeHeaders = Readonly<Record<string, string>>;

/** The facts from which a {@link Handshake} is made. */
export interface HandshakeFacts extends Omit<Handshake, 'text' | 'json' | 'headers' | 'requestHeaders'> {
  /** As text they are a line each, `Name: value`, as on the wire: read when somebody looks at them. */
  readonly headers: HandshakeHeaders | string;
  readonly requestHeaders: HandshakeHeaders | string;
}

/** The same facts, with the headers as objects when they are looked at: of an idle connection nobody does. */
export function createHandshake(facts: HandshakeFacts): Handshake {
  return new AnsweredHandshake(facts);
}

/** Reads header lines: `Name: value`, as on the wire. A request line before them is none of them. */
export function readHeaders(lines: string): HandshakeHeaders {
  const headers = new Map<string, string>();
  for (const line of lines.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const name = line.slice(0, colon).toLowerCase();
    if (name.includes(' ')) continue;
    const value = line.slice(colon + 1).trim();
    const before = headers.get(name);
    const separator = name === 'set-cookie' ? '\n' : ', ';
    headers.set(name, before === undefined ? value : `${before}${separator}${value}`);
  }
  return Object.fromEntries(headers);
}

const unread: HandshakeHeaders = {};

class AnsweredHandshake implements Handshake {
  readonly accepted: boolean;
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  // In the place of both come getters.
  readonly headers: HandshakeHeaders = unread;
  readonly requestHeaders: HandshakeHeaders = unread;
  readonly body: Buffer;
  readonly protocol: string;
  readonly extensions: string;
  readonly duration: number;
  #headers: HandshakeHeaders | string;
  #requestHeaders: HandshakeHeaders | string;

  /** Properties of the object itself, so that copies and comparisons have them. */
  static readonly #lazy: PropertyDescriptorMap & ThisType<AnsweredHandshake> = {
    headers: {
      enumerable: true,
      get() {
        if (typeof this.#headers === 'string') this.#headers = readHeaders(this.#headers);
        return this.#headers;
      },
    },
    requestHeaders: {
      enumerable: true,
      get() {
        if (typeof this.#requestHeaders === 'string') this.#requestHeaders = readHeaders(this.#requestHeaders);
        return this.#requestHeaders;
      },
    },
  };

  constructor(facts: HandshakeFacts) {
    this.accepted = facts.accepted;
    this.url = facts.url;
    this.status = facts.status;
    this.statusText = facts.statusText;
    this.body = facts.body;
    this.protocol = facts.protocol;
    this.extensions = facts.extensions;
    this.duration = facts.duration;
    this.#headers = facts.headers;
    this.#requestHeaders = facts.requestHeaders;
    Object.defineProperties(this, AnsweredHandshake.#lazy);
  }

  /** A function that may be taken out of the object, as the rest of it. */
  get text(): () => string {
    return () => this.body.toString('utf8');
  }

  get json(): () => unknown {
    return () => JSON.parse(this.text());
  }
}
