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

/** The facts from which a {@link Handshake} is made. */
export type HandshakeFacts = Omit<Handshake, 'text' | 'json'>;

export function createHandshake(facts: HandshakeFacts): Handshake {
  return {
    ...facts,
    text: () => facts.body.toString('utf8'),
    json: () => JSON.parse(facts.body.toString('utf8')),
  };
}
