import { SchemaViolation } from '../expectation/schema.ts';
import { LoggedMessage, type MessageSource } from '../frames/message.ts';
import { errorMessage } from '../support/errors.ts';
import { ClaimQueue } from './claim-queue.ts';
import type { Connection } from './connection.ts';
import { meetsOption } from './user-code.ts';

/** Takes in the data frames of a connection: validates, hides what heartbeats and `ignore` take, queues the rest. */
export class Intake {
  readonly messages: ClaimQueue<LoggedMessage>;
  readonly #connection: Connection;
  #knownSource: MessageSource | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.messages = new ClaimQueue((frame, index) => new LoggedMessage(this.#source, frame, index));
  }

  /** A message object is made only for those who look at every message. */
  receive(frame: number): void {
    const message = this.#looksAtEveryMessage
      ? new LoggedMessage(this.#source, frame, this.messages.length)
      : undefined;
    if (message !== undefined && this.#source.validate !== undefined) void message.decoded;
    if (message !== undefined && this.#hides(message, frame)) {
      this.#connection.events.emit('message', message.hidden());
      return;
    }
    this.messages.add(frame, message);
    if (message !== undefined) this.#connection.events.emit('message', message);
  }

  /** A sent data frame as a message; the schema is for what is received. */
  sentMessage(frame: number): LoggedMessage {
    const { client, codec, log } = this.#source;
    return new LoggedMessage({ log, client, codec, validate: undefined }, frame, -1);
  }

  get #source(): MessageSource {
    return (this.#knownSource ??= this.#createSource());
  }

  #createSource(): MessageSource {
    const { log, settings } = this.#connection;
    const { codec, name, validate } = settings;
    return { log, client: name, codec, validate, invalid: (frame, error) => this.#invalid(frame, error) };
  }

  get #looksAtEveryMessage(): boolean {
    const { events, settings } = this.#connection;
    const { autoReplies, ignore, validate } = settings;
    return ignore !== undefined || validate !== undefined || autoReplies.length > 0 || events.has('message');
  }

  #hides(message: LoggedMessage, frame: number): boolean {
    const { autoReplies, log } = this.#connection;
    const hiddenBy = autoReplies.answer(message) ? 'autoReply' : 'ignore';
    if (hiddenBy === 'ignore' && !this.#ignores(message)) return false;
    log.hide(frame, hiddenBy);
    return true;
  }

  #ignores(message: LoggedMessage): boolean {
    const { settings } = this.#connection;
    const code = { label: '`ignore` expectation', site: settings.site, sink: this.#connection };
    return settings.ignore !== undefined && meetsOption(code, settings.ignore, message);
  }

  #invalid(frame: number, error: unknown): void {
    const { log, name, settings } = this.#connection;
    log.markInvalid(frame);
    if (!settings.failsOnInvalidMessage) return;
    const isViolation = error instanceof SchemaViolation;
    const cause = isViolation ? error.message.replace(/^The message /, '') : `has no value: ${errorMessage(error)}`;
    const text = `a message of "${name}" ${cause}`;
    this.#connection.report({ kind: 'invalidMessage', text, site: settings.site, error });
  }
}
