import { anyMessage } from '../expectation/any-message.ts';
import { compileExpectation, matchedMessage } from '../expectation/compile.ts';
import type { Expectation, MatchedValue } from '../expectation/types.ts';
import type { Frame } from '../frames/frame.ts';
import { Mark } from '../frames/mark.ts';
import type { Message } from '../frames/message.ts';
import { measure, noteReading } from '../metrics/measure.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import type { Handshake } from '../protocol/handshake.ts';
import { CallSite } from '../support/call-site.ts';
import { ConnectionClosedError, type CloseInfo } from '../support/errors.ts';
import { mayPassAtOnce, previewOf, waitSettings, type ClientCall } from './client-call.ts';
import { closeConnection, waitUntilClosed } from './close-connection.ts';
import { connectionKey } from './connection-of.ts';
import type { Connection, ReadyState } from './connection.ts';
import type { ClientEvent, ClientEventHandler, HandlerOptions } from './events.ts';
import { extractValue } from './extract-value.ts';
import { FrameHistory, type Frames } from './frame-history.ts';
import { iterateMessages } from './iterate-messages.ts';
import { MessageHistory, type Messages } from './messages.ts';
import type { StepFacts } from './observer.ts';
import type { OperationRunner } from './operations.ts';
import { sendPing, sendPong } from './send-control.ts';
import { sendMessage } from './send-message.ts';
import { sendRepeatedly } from './send-repeatedly.ts';
import { sendRequest } from './send-request.ts';
import { stayConnected } from './stay-connected.ts';
import {
  checkMilliseconds,
  checkWaitOptions,
  type MessagesWaitOptions,
  type MessageWaitOptions,
  type WaitOptions,
} from './wait-options.ts';
import {
  compileSeveral,
  messageOptionNames,
  messagesOptionNames,
  waitForOneMessage,
  waitForSeveralMessages,
} from './wait-for-messages.ts';
import { resultOf } from './wait-error.ts';
import type { WaitSettings } from './waits.ts';
import type {
  ExtractOptions,
  Extraction,
  RequestOptions,
  SendUntilOptions,
  WebSocketClient,
} from './web-socket-client.ts';

/** The public methods: each checks its arguments, captures the user's line and hands over. */
export class ManagedClient implements WebSocketClient {
  readonly #connection: Connection;
  /** What its waits look at: one list for all of them. */
  readonly #alone: readonly [Connection];
  readonly #operations: OperationRunner;
  // Made when somebody looks: most clients need none of them.
  #messages: Messages | undefined;
  #frames: Frames | undefined;
  #autoReply: { pause(): void; resume(): void } | undefined;

  constructor(connection: Connection, operations: OperationRunner) {
    Object.defineProperty(this, connectionKey, { value: connection });
    this.#connection = connection;
    this.#alone = [connection];
    this.#operations = operations;
  }

  get messages(): Messages {
    return (this.#messages ??= new MessageHistory(this.#connection.messages));
  }

  get frames(): Frames {
    return (this.#frames ??= new FrameHistory(this.#connection.log));
  }

  get autoReply(): { pause(): void; resume(): void } {
    const { autoReplies } = this.#connection;
    return (this.#autoReply ??= { pause: () => autoReplies.pause(), resume: () => autoReplies.resume() });
  }

  get name(): string {
    return this.#connection.name;
  }

  get url(): string {
    return this.#connection.url;
  }

  get readyState(): ReadyState {
    return this.#connection.readyState;
  }

  get protocol(): string {
    return this.#connection.handshake?.protocol ?? '';
  }

  get extensions(): string {
    return this.#connection.handshake?.extensions ?? '';
  }

  get bufferedAmount(): number {
    return this.#connection.wire?.bufferedAmount ?? 0;
  }

  get handshake(): Handshake {
    const { handshake } = this.#connection;
    if (handshake !== undefined) return handshake;
    throw new ConnectionClosedError('WS_NOT_OPEN', `Cannot read the handshake of "${this.name}": it is not done`);
  }

  get closed(): Promise<CloseInfo> {
    return this.#connection.closed;
  }

  get metrics(): Metrics {
    noteReading(this.#connection);
    return createMetrics(measure([this.#connection]));
  }

  send(data: unknown): Promise<Frame> {
    const call = { method: 'send', below: this.send, title: 'Send message', subtitle: previewOf(data) };
    return this.#run(call, undefined, (settings) => sendMessage(this.#connection, settings, data));
  }

  waitForMessage(...[expected, options]: [expected?: unknown, options?: MessageWaitOptions]): Promise<Message> {
    const wanted = arguments.length === 0 ? anyMessage : expected;
    const subtitle = previewOf(wanted);
    const call = { method: 'waitForMessage', below: this.waitForMessage, title: 'Wait for message', subtitle };
    return this.#run(call, options, (settings) => {
      const checked = checkWaitOptions('waitForMessage', options, messageOptionNames);
      const expectation = compileExpectation(wanted, { method: 'waitForMessage', optionNames: messageOptionNames });
      const { wait, watch } = waitForOneMessage(settings, expectation, checked);
      return resultOf(wait, () => matchedMessage(expectation, watch.take()[0]));
    });
  }

  waitForMessages(expected: unknown, options?: MessagesWaitOptions): Promise<Message[]> {
    const subtitle = previewOf(expected);
    const call = { method: 'waitForMessages', below: this.waitForMessages, title: 'Wait for messages', subtitle };
    return this.#run(call, options, (settings) => {
      const { after, order } = checkWaitOptions('waitForMessages', options, messagesOptionNames);
      const expectations = compileSeveral('waitForMessages', expected, messagesOptionNames);
      const { wait, watch } = waitForSeveralMessages(settings, expectations, { after, order });
      return resultOf(wait, () => watch.take().map((message, index) => matchedMessage(expectations[index], message)));
    });
  }

  request<const Expected extends Expectation>(
    data: unknown,
    expected: Expected,
    options?: RequestOptions,
  ): Promise<Message<MatchedValue<unknown, Expected>>>;
  request(data: unknown, ...[expected, options]: [expected?: unknown, options?: RequestOptions]): Promise<Message> {
    const wanted = arguments.length < 2 ? anyMessage : expected;
    const call = { method: 'request', below: this.request, title: 'Send request', subtitle: previewOf(data) };
    return this.#run(call, options, (settings) => {
      const { correlate } = checkWaitOptions('request', options, ['correlate', 'timeout', 'signal']);
      return sendRequest(settings, data, { correlate, expected: wanted });
    });
  }

  sendUntil<const Expected extends Expectation>(
    data: unknown,
    expected: Expected,
    options?: SendUntilOptions,
  ): Promise<Message<MatchedValue<unknown, Expected>>>;
  sendUntil(data: unknown, expected: unknown, options?: SendUntilOptions): Promise<Message> {
    const subtitle = previewOf(data);
    const call = { method: 'sendUntil', below: this.sendUntil, title: 'Send until answered', subtitle };
    return this.#run(call, options, (settings) => {
      const checked = checkWaitOptions('sendUntil', options, ['interval', 'maxAttempts', 'timeout', 'signal']);
      return sendRepeatedly(settings, data, { ...checked, expected });
    });
  }

  extract<Result = unknown>(expression: Extraction<Result>, options?: ExtractOptions): Promise<Result>;
  extract(expression: unknown, options?: ExtractOptions): Promise<unknown> {
    const subtitle = previewOf(expression);
    const call = { method: 'extract', below: this.extract, title: 'Extract value', subtitle };
    return this.#run(call, options, (settings) => {
      const { last = 1 } = checkWaitOptions('extract', options, ['last', 'timeout', 'signal']);
      return extractValue(settings, expression, last);
    });
  }

  mark(): Mark {
    return new Mark();
  }

  ping(data?: unknown): Promise<number> {
    const call = { method: 'ping', below: this.ping, title: 'Send ping' };
    return this.#run(call, undefined, (settings) => sendPing(this.#connection, settings, data));
  }

  pong(data?: unknown): Promise<void> {
    const call = { method: 'pong', below: this.pong, title: 'Send pong' };
    return this.#run(call, undefined, (settings) => sendPong(this.#connection, settings, data));
  }

  close(code: number = 1000, reason: string = ''): Promise<CloseInfo> {
    const subtitle = (): string => `${this.name} ${code} ${reason}`.trimEnd();
    const call = { method: 'close', below: this.close, title: 'Close WebSocket', subtitle };
    return this.#run(call, undefined, (settings) => closeConnection(settings, code, reason));
  }

  terminate(): void {
    this.#connection.closing.terminate();
  }

  waitForClose(options?: WaitOptions): Promise<CloseInfo> {
    const call = {
      method: 'waitForClose',
      below: this.waitForClose,
      title: 'Wait for close',
      subtitle: () => this.name,
    };
    return this.#run(call, options, (settings) => {
      checkWaitOptions('waitForClose', options, ['timeout', 'signal']);
      return waitUntilClosed(settings);
    });
  }

  stay(ms: number): Promise<void> {
    const call = { method: 'stay', below: this.stay, title: 'Stay connected', subtitle: () => `${ms} ms` };
    return this.#run(call, undefined, (settings) => {
      checkMilliseconds('stay', ms);
      return stayConnected(settings, ms);
    });
  }

  on<Event extends ClientEvent>(
    event: Event,
    handler: ClientEventHandler<Event>,
    options?: HandlerOptions,
  ): () => void {
    checkWaitOptions('on', options, ['optional']);
    return this.#connection.events.add(event, handler, { ...options, site: CallSite.capture(this.on) });
  }

  once<Event extends ClientEvent>(
    event: Event,
    handler: ClientEventHandler<Event>,
    options?: HandlerOptions,
  ): () => void {
    checkWaitOptions('once', options, ['optional']);
    return this.#connection.events.add(event, handler, { ...options, site: CallSite.capture(this.once), once: true });
  }

  setInterval(run: () => unknown, ms: number): () => void {
    return this.#connection.timers.setInterval(run, ms, CallSite.capture(this.setInterval));
  }

  setTimeout(run: () => unknown, ms: number, options?: HandlerOptions): () => void {
    checkWaitOptions('setTimeout', options, ['optional']);
    const site = CallSite.capture(this.setTimeout);
    return this.#connection.timers.setTimeout(run, ms, { site, optional: options?.optional === true });
  }

  pause(): void {
    this.#connection.isPaused = true;
    this.#connection.wire?.pause();
  }

  resume(): void {
    this.#connection.isPaused = false;
    this.#connection.wire?.resume();
  }

  [Symbol.asyncIterator](): AsyncGenerator<Message, void> {
    const site = CallSite.capture(this[Symbol.asyncIterator]);
    return iterateMessages(waitSettings(this.#alone, { method: 'iteration', site, options: undefined }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #run<T>(call: ClientCall, options: unknown, start: (settings: WaitSettings) => T | Promise<T>): Promise<T> {
    const { below, method, subtitle, title } = call;
    const site = CallSite.of(below);
    // Reading the line is dearer from deep within.
    if (mayPassAtOnce(method, this.#connection)) site.captureLine();
    const settings = waitSettings(this.#alone, { method, site, options });
    const facts: StepFacts = { method, title, subtitle, site, isBackground: settings.isBackground };
    return this.#operations.run(facts, this.#connection, () => start(settings));
  }
}
