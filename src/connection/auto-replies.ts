import type { CompiledExpectation } from '../expectation/compile.ts';
import type { LoggedMessage } from '../frames/message.ts';
import type { Connection } from './connection.ts';
import { meetsOption, runUserCode } from './user-code.ts';

export interface CompiledAutoReply {
  readonly on: CompiledExpectation;
  readonly send: unknown;
}

/** Answers heartbeats in the turn in which they arrive. */
export class AutoReplies {
  readonly #replies: readonly CompiledAutoReply[];
  readonly #connection: Connection;
  #isPaused = false;

  constructor(replies: readonly CompiledAutoReply[], connection: Connection) {
    this.#replies = replies;
    this.#connection = connection;
  }

  get isEmpty(): boolean {
    return this.#replies.length === 0;
  }

  /** Lets heartbeats go unanswered; they count as ordinary messages meanwhile. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
  }

  /** Returns whether it answered the message. */
  answer(message: LoggedMessage): boolean {
    if (this.#isPaused || !this.#connection.isOpen) return false;
    const code = { label: '`autoReply`', site: this.#connection.settings.site, sink: this.#connection };
    const reply = this.#replies.find(({ on }) => meetsOption(code, on, message));
    if (reply === undefined) return false;
    runUserCode(code, () => this.#connection.sender.send(dataOf(reply.send, message)));
    return true;
  }
}

function dataOf(send: unknown, message: LoggedMessage): unknown {
  return typeof send === 'function' ? Reflect.apply(send, undefined, [message]) : send;
}
