import type { LoggedMessage, Message } from '../frames/message.ts';
import type { ClaimQueue } from './claim-queue.ts';

/** The received messages of a client, in order of arrival; readable after the close. Nothing is ever removed. */
export interface Messages<Value = unknown> extends Iterable<Message<Value>> {
  readonly length: number;
  /** Messages that no wait has claimed, the oldest first. */
  readonly unclaimed: readonly Message<Value>[];
  /** Negative positions count from the end, as with arrays. */
  at(position: number): Message<Value> | undefined;
  /** The newest message; `undefined` when there is none. */
  last(): Message<Value> | undefined;
  /** The newest `count` messages, the oldest of them first. */
  last(count: number): readonly Message<Value>[];
  filter(accepts: (message: Message<Value>) => boolean): readonly Message<Value>[];
  find(accepts: (message: Message<Value>) => boolean): Message<Value> | undefined;
}

/** Shows a claim queue as {@link Messages}. */
export class MessageHistory implements Messages {
  readonly #queue: ClaimQueue<LoggedMessage>;

  constructor(queue: ClaimQueue<LoggedMessage>) {
    this.#queue = queue;
  }

  get length(): number {
    return this.#queue.length;
  }

  get unclaimed(): readonly Message[] {
    return [...this.#queue.free()];
  }

  at(position: number): Message | undefined {
    const index = position < 0 ? this.#queue.length + position : position;
    return index >= 0 && index < this.#queue.length ? this.#queue.at(index) : undefined;
  }

  last(): Message | undefined;
  last(count: number): readonly Message[];
  last(count?: number): Message | undefined | readonly Message[] {
    return count === undefined ? this.at(-1) : [...this.#from(Math.max(0, this.#queue.length - count))];
  }

  filter(accepts: (message: Message) => boolean): readonly Message[] {
    return [...this].filter((message) => accepts(message));
  }

  find(accepts: (message: Message) => boolean): Message | undefined {
    for (const message of this) if (accepts(message)) return message;
    return undefined;
  }

  [Symbol.iterator](): IterableIterator<Message> {
    return this.#from(0);
  }

  *#from(start: number): IterableIterator<LoggedMessage> {
    for (let index = start; index < this.#queue.length; index++) yield this.#queue.at(index);
  }
}
