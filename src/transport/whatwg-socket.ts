import { connectionKey } from '../connection/connection-of.ts';
import { readyStates, type Connection, type ReadyState } from '../connection/connection.ts';
import type { Sent } from '../connection/sender.ts';
import type { Message } from '../frames/message.ts';
import { describeClose } from '../protocol/close-code.ts';
import { describeLocation, type CallSite } from '../support/call-site.ts';
import type { CloseInfo } from '../support/errors.ts';
import { closeArguments, sendableData, sizeOf, type SendableData } from './whatwg-arguments.ts';
import { CloseEvent, controlEvent, ErrorEvent, messageEvent, type BinaryType } from './whatwg-events.ts';
import { atUserLine, openSocket, userLine, type OpeningSocket, type SocketOwner } from './whatwg-opening.ts';
import { SocketTarget } from './whatwg-target.ts';
import type { StandardWebSocket, WebSocketClass, WebSocketParams } from './whatwg-types.ts';

/** Makes the class `WebSocket` of one test: what is constructed is a client of it. */
export function createWebSocketClass(owner: SocketOwner): WebSocketClass {
  return class WebSocket extends WhatwgSocket {
    constructor(url: string | URL, protocols?: string | readonly string[] | null, params?: WebSocketParams | null) {
      super(openSocket(owner, { url, protocols, params }));
    }
  };
}

/** The WHATWG interface over a connection, https://websockets.spec.whatwg.org/. */
class WhatwgSocket extends SocketTarget implements StandardWebSocket {
  static readonly CONNECTING = readyStates.connecting;
  static readonly OPEN = readyStates.open;
  static readonly CLOSING = readyStates.closing;
  static readonly CLOSED = readyStates.closed;
  readonly #connection: Connection;
  readonly #testHasEnded: () => boolean;
  #binaryType: BinaryType = 'blob';
  #droppedBytes = 0;
  #hasReportedDrop = false;

  constructor({ connection, testHasEnded }: OpeningSocket) {
    super(connection);
    // The matchers find the connection of a socket here, as they do with a client.
    Object.defineProperty(this, connectionKey, { value: connection });
    this.#connection = connection;
    this.#testHasEnded = testHasEnded;
    this.#relay();
  }

  get [Symbol.toStringTag](): string {
    return 'WebSocket';
  }

  get CONNECTING(): 0 {
    return readyStates.connecting;
  }

  get OPEN(): 1 {
    return readyStates.open;
  }

  get CLOSING(): 2 {
    return readyStates.closing;
  }

  get CLOSED(): 3 {
    return readyStates.closed;
  }

  get url(): string {
    return this.#connection.settings.url;
  }

  get readyState(): ReadyState {
    return this.#connection.readyState;
  }

  get bufferedAmount(): number {
    return (this.#connection.wire?.bufferedAmount ?? 0) + this.#droppedBytes;
  }

  get protocol(): string {
    return this.#connection.handshake?.protocol ?? '';
  }

  get extensions(): string {
    return this.#connection.handshake?.extensions ?? '';
  }

  get binaryType(): BinaryType {
    return this.#binaryType;
  }

  /** Another value changes nothing, as with every enumerated attribute of the standard. */
  set binaryType(binaryType: BinaryType) {
    if (binaryType === 'blob' || binaryType === 'arraybuffer') this.#binaryType = binaryType;
  }

  send(data: SendableData): void {
    const site = userLine();
    const payload = atUserLine(site, () => {
      if (this.readyState === readyStates.connecting) {
        throw invalidState(`Cannot send on "${this.#connection.name}": it is connecting. Send in a handler of "open"`);
      }
      return sendableData(data);
    });
    if (this.#connection.isOpen) void this.#watch(this.#connection.sender.send(payload), payload, site);
    else this.#drop(payload, site);
  }

  close(code?: number, reason?: string): void {
    const checked = atUserLine(userLine(), () => closeArguments(code, reason));
    this.#connection.closing.begin(checked.code, checked.reason);
  }

  ping(): void {
    const { isOpen, name, ownPings, sender } = this.#connection;
    atUserLine(userLine(), () => {
      if (!isOpen) throw invalidState(`Cannot send a ping on "${name}": it is not open`);
    });
    sender.probe(ownPings.nextPayload(), () => {});
  }

  /** Lets the connection's events go on as events of the standard. */
  #relay(): void {
    const connection = this.#connection;
    const registration = { site: connection.settings.site, optional: true };
    // In the turn of the 101: a message that came with it must not overtake `open`.
    const stop = connection.onChange(() => {
      if (!connection.isOpen) return;
      stop();
      this.dispatchEvent(new Event('open'));
    });
    connection.events.add('message', (message) => this.#received(message), registration);
    connection.events.add('ping', (payload) => this.dispatchEvent(controlEvent('ping', payload)), registration);
    connection.events.add('pong', (payload) => this.dispatchEvent(controlEvent('pong', payload)), registration);
    connection.events.add('close', (info) => this.#closed(info), registration);
  }

  /** What comes after our `close()` is recorded, and not told: the standard has it so. */
  #received(message: Message): void {
    if (this.#connection.isOpen) this.dispatchEvent(messageEvent(message, this));
  }

  #closed(info: CloseInfo): void {
    const { closing, failure, openedAt } = this.#connection;
    // A closing handshake that the server does not answer is no error to the standard.
    const isOurClose = openedAt !== undefined && closing.isBegunByClient;
    if (info.by === 'network' || (failure !== undefined && !isOurClose)) this.dispatchEvent(new ErrorEvent(failure));
    this.dispatchEvent(new CloseEvent(info));
  }

  /** What was sent while the server's close was on its way is dropped too. A connection that broke is judged as such. */
  async #watch(sending: Sent | Promise<Sent>, data: SendableData, site: CallSite): Promise<void> {
    try {
      const { flush } = await sending;
      await new Promise<void>((resolve, reject) => {
        flush.onEnd((error) => (error === undefined ? resolve() : reject(error)));
      });
    } catch {
      await this.#connection.closed;
      if (this.#connection.closing.isOrderly) this.#drop(data, site);
    }
  }

  /** The standard drops it in silence; a test that sends it must not pass. Told once, and not of what packages send. */
  #drop(data: SendableData, site: CallSite): void {
    this.#droppedBytes += sizeOf(data);
    if (this.#hasReportedDrop || this.#testHasEnded() || !site.isUsers) return;
    this.#hasReportedDrop = true;
    const { closeInfo, name } = this.#connection;
    const state = closeInfo === undefined ? 'is closing' : `had closed with ${describeClose(closeInfo)}`;
    const text = `the send at ${describeLocation(site.location)} was dropped, as the WHATWG standard has it: "${name}" ${state}`;
    this.#connection.report({ kind: 'unawaitedFailure', text, site });
  }
}

function invalidState(message: string): DOMException {
  return new DOMException(message, 'InvalidStateError');
}
