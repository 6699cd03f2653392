import type { Handshake } from '../protocol/handshake.ts';

/** Every stable error code, with what it means. `docs/errors.md` has a row for each. */
export const errorCodes = {
  WS_HANDSHAKE_REFUSED: 'The server answered the opening handshake with something other than 101.',
  WS_HANDSHAKE_INVALID: 'The server answered 101, but the answer breaks RFC 6455 section 4.',
  WS_HANDSHAKE_FAILED: 'No HTTP response came: the network, TLS or the proxy failed.',
  WS_HANDSHAKE_TIMEOUT: 'The opening handshake did not end within `timeout`.',
  WS_HANDSHAKE_ABORTED: 'The `signal`, `close()`, `terminate()` or the end of the test ended the opening handshake.',
  WS_CONNECTION_CLOSED: 'The connection closed while an operation or a wait needed it.',
  WS_RECONNECT_FAILED: 'The connection was lost, and the option `reconnect` could not open it again.',
  WS_NOT_OPEN: 'The operation needs an open connection.',
  WS_WAIT_TIMEOUT: 'What was waited for did not happen within the timeout.',
  WS_WAIT_ABORTED: 'The `signal` ended the wait.',
  WS_WAIT_FAILED: 'A message was found, and it is not what was expected.',
  WS_SEND_FAILED: 'The bytes could not be handed to the socket.',
  WS_PROTOCOL_ERROR: 'The peer broke RFC 6455 or a limit of the client.',
  WS_TEST_ENDED: 'The test or hook that owns the client ended.',
  WS_FINDINGS: 'The test left something that fails it: see the list in the message.',
  WS_LOAD_FAILED: 'Iterations of a load run failed, or its thresholds were not met.',
  WS_LOAD_TOO_LONG: 'A load run would take longer than the time that is left to its test.',
  WS_INVALID_URL: 'The URL cannot be used for a WebSocket.',
  WS_INVALID_OPTION: 'An option is unknown, or its value is not allowed.',
  WS_INVALID_ARGUMENT: 'An argument is not what the method takes.',
  WS_INVALID_THRESHOLD: 'A threshold is not an aggregation, an operator and a number, or its metric does not exist.',
  WS_INVALID_EXPECTATION: 'The expectation cannot be judged as written.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** Base of every error that a test may catch. `code` is stable; the message is for people. */
export class WebSocketError extends Error {
  override readonly name: string = 'WebSocketError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Why a connection ended. */
export interface CloseInfo {
  /** Close code, RFC 6455 section 7.4. `1005`: the close frame had none. `1006`: there was no close frame. */
  readonly code: number;
  /** Close reason; `''` when there is none. */
  readonly reason: string;
  /** Whether both sides completed the closing handshake. */
  readonly wasClean: boolean;
  /**
   * Who began to close: this side (also when it had to, since the server broke the protocol or a limit), the server, or
   * the network when no close frame was seen.
   */
  readonly by: 'client' | 'server' | 'network';
}

/** Thrown when an opening handshake did not end in an open connection. */
export class HandshakeError extends WebSocketError {
  override readonly name: string = 'HandshakeError';
  /** The server's answer; `undefined` when no HTTP response came. */
  readonly handshake: Handshake | undefined;

  constructor(code: HandshakeErrorCode, message: string, options?: ErrorOptions & { handshake?: Handshake }) {
    super(code, message, options);
    this.handshake = options?.handshake;
  }

  /** HTTP status of the refusal; `undefined` when no HTTP response came. */
  get status(): number | undefined {
    return this.handshake?.status;
  }
}

export type HandshakeErrorCode = Extract<ErrorCode, `WS_HANDSHAKE_${string}`>;

/** Thrown by an operation or a wait whose connection closed. */
export class ConnectionClosedError extends WebSocketError {
  override readonly name: string = 'ConnectionClosedError';
  readonly closeInfo: CloseInfo | undefined;

  constructor(code: 'WS_CONNECTION_CLOSED' | 'WS_NOT_OPEN' | 'WS_TEST_ENDED', message: string, closeInfo?: CloseInfo) {
    super(code, message);
    this.closeInfo = closeInfo;
  }
}

/** Thrown by a wait whose timeout passed. */
export class WaitTimeoutError extends WebSocketError {
  override readonly name: string = 'WaitTimeoutError';
  /** Milliseconds. */
  readonly timeout: number;

  constructor(message: string, timeout: number) {
    super('WS_WAIT_TIMEOUT', message);
    this.timeout = timeout;
  }
}

/** Thrown by a wait that its `signal` ended. `cause` is the signal's reason. */
export class WaitAbortedError extends WebSocketError {
  override readonly name: string = 'WaitAbortedError';

  constructor(message: string, reason: unknown) {
    super('WS_WAIT_ABORTED', message, { cause: reason });
  }
}

/** A `TypeError` for misuse, with the stable code that every error of ours has. */
export function misuse(code: ErrorCode, message: string): TypeError & { code: ErrorCode } {
  return Object.assign(new TypeError(message), { code });
}

/** What a thrown value says, whatever was thrown. Never throws. */
export function errorMessage(thrown: unknown): string {
  try {
    return messageOf(thrown);
  } catch {
    // An object without a text, or a message that is a getter of the user's.
    return 'something that cannot be printed';
  }
}

function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  // A name with both A and AAAA addresses fails with an AggregateError whose own message is empty.
  if (thrown instanceof AggregateError && thrown.message === '') return thrown.errors.map(errorMessage).join('; ');
  const message: unknown = thrown.message; // A user's error may have any.
  return String(message);
}
