import type { MessageOrder } from '../../src/connection/selection.ts';

/** What a wait of the model wants: for each expectation the letters that meet it. */
export interface ModelWanted {
  readonly clients: readonly number[];
  readonly expectations: readonly string[];
  readonly order: MessageOrder;
  /** Letters that select the message; the expectation then judges it. */
  readonly where?: string | undefined;
  /** Only messages with a higher position are looked at. */
  readonly after?: number | undefined;
}

export type ModelOutcome = 'pending' | 'passed' | 'aborted' | 'closed' | 'mismatch';

interface ModelMessage {
  readonly letter: string;
  /** Place among the messages of all clients, from 1. */
  readonly position: number;
  holder: ModelWait | undefined;
}

interface ModelClient {
  readonly messages: ModelMessage[];
  isClosed: boolean;
}

interface ModelPart {
  readonly client: ModelClient;
  isComplete: boolean;
}

interface ModelWait {
  readonly wanted: ModelWanted;
  readonly parts: readonly ModelPart[];
  outcome: ModelOutcome;
}

/**
 * Selective receive, told by definitions: whenever something changes, each pending wait, the oldest first, holds exactly
 * what it would hold had it just begun to look at all that no other wait holds. Slow, and nothing is remembered.
 */
export class SelectiveReceiveModel {
  readonly #clients: readonly ModelClient[];
  readonly #waits: ModelWait[] = [];
  #position = 0;

  constructor(clients: number) {
    this.#clients = Array.from({ length: clients }, () => ({ messages: [], isClosed: false }));
  }

  get position(): number {
    return this.#position;
  }

  get outcomes(): ModelOutcome[] {
    return this.#waits.map(({ outcome }) => outcome);
  }

  /** For each client, for each message: the number of the wait that holds it, or -1. */
  get holders(): number[][] {
    return this.#clients.map(({ messages }) =>
      messages.map(({ holder }) => (holder === undefined ? -1 : this.#waits.indexOf(holder))),
    );
  }

  /** The place of a message among those of all clients. */
  positionOf(client: number, message: number): number {
    return this.#clients[client].messages[message].position;
  }

  isClosed(client: number): boolean {
    return this.#clients[client].isClosed;
  }

  arrive(client: number, letter: string): void {
    this.#position += 1;
    this.#clients[client].messages.push({ letter, position: this.#position, holder: undefined });
    this.#settle();
  }

  wait(wanted: ModelWanted): void {
    const parts = wanted.clients.map((client) => ({ client: this.#clients[client], isComplete: false }));
    const wait: ModelWait = { wanted, parts, outcome: 'pending' };
    this.#waits.push(wait);
    this.#settle();
    for (const { client } of parts) if (client.isClosed) this.#closed(wait, client);
  }

  abort(index: number): void {
    if (this.#waits[index].outcome === 'pending') this.#fail(this.#waits[index], 'aborted');
  }

  close(index: number): void {
    const client = this.#clients[index];
    client.isClosed = true;
    for (const wait of this.#waits) this.#closed(wait, client);
  }

  #closed(wait: ModelWait, client: ModelClient): void {
    const isWanted = wait.parts.some((part) => part.client === client && !part.isComplete);
    if (wait.outcome === 'pending' && isWanted) this.#fail(wait, 'closed');
  }

  #fail(wait: ModelWait, outcome: ModelOutcome, claimed?: ModelMessage): void {
    wait.outcome = outcome;
    for (const message of this.#clients.flatMap(({ messages }) => messages)) {
      if (message.holder === wait && message !== claimed) message.holder = undefined;
    }
    this.#settle();
  }

  /** Lets the oldest choose first, again from the start whenever somebody gave something up. */
  #settle(): void {
    for (const wait of this.#waits) {
      if (wait.outcome !== 'pending') continue;
      for (const part of wait.parts) {
        if (part.isComplete || wait.outcome !== 'pending') continue;
        if (this.#choose(wait, part)) return this.#settle();
      }
    }
  }

  /** Returns whether a message became free. */
  #choose(wait: ModelWait, part: ModelPart): boolean {
    const { messages } = part.client;
    const available = messages.map(({ holder, position }) => {
      return (holder === undefined || holder === wait) && position > (wait.wanted.after ?? 0);
    });
    const { held, isComplete, mismatch } = choose(messages, available, wait.wanted);
    if (mismatch !== undefined) {
      messages[mismatch].holder = wait;
      this.#fail(wait, 'mismatch', messages[mismatch]);
      return true;
    }
    const dropped = messages.filter((message, index) => message.holder === wait && !held.includes(index));
    for (const message of dropped) message.holder = undefined;
    for (const index of held) messages[index].holder = wait;
    part.isComplete = isComplete;
    if (wait.parts.every((one) => one.isComplete)) wait.outcome = 'passed';
    return dropped.length > 0;
  }
}

interface Choice {
  /** Indexes of messages. */
  readonly held: readonly number[];
  readonly isComplete: boolean;
  readonly mismatch?: number;
}

function choose(messages: readonly ModelMessage[], available: readonly boolean[], wanted: ModelWanted): Choice {
  const letters = messages.map(({ letter }, index) => (available[index] ? letter : ''));
  if (wanted.where !== undefined) return chooseSelected(letters, wanted.where, wanted.expectations[0]);
  return choices[wanted.order](letters, wanted.expectations);
}

const choices: Readonly<Record<MessageOrder, (letters: readonly string[], wanted: readonly string[]) => Choice>> = {
  relative: chooseRelative,
  strict: chooseStrict,
  any: chooseAny,
};

function chooseSelected(letters: readonly string[], where: string, expected: string): Choice {
  const index = letters.findIndex((letter) => meets(letter, where));
  if (index === -1) return { held: [], isComplete: false };
  if (!meets(letters[index], expected)) return { held: [], isComplete: false, mismatch: index };
  return { held: [index], isComplete: true };
}

function chooseRelative(letters: readonly string[], wanted: readonly string[]): Choice {
  const held: number[] = [];
  for (const [index, letter] of letters.entries()) {
    if (held.length < wanted.length && meets(letter, wanted[held.length])) held.push(index);
  }
  return { held, isComplete: held.length === wanted.length };
}

/** The first whole run; else the longest beginning of one that the next message could go on with. */
function chooseStrict(letters: readonly string[], wanted: readonly string[]): Choice {
  for (const start of letters.keys()) {
    if (isRun(letters, start, wanted)) return { held: range(start, wanted.length), isComplete: true };
  }
  for (let size = Math.min(letters.length, wanted.length - 1); size > 0; size--) {
    const start = letters.length - size;
    if (isRun(letters, start, wanted.slice(0, size))) return { held: range(start, size), isComplete: false };
  }
  return { held: [], isComplete: false };
}

/** Each message for which, with all those held before it, there are expectations enough. */
function chooseAny(letters: readonly string[], wanted: readonly string[]): Choice {
  const held: number[] = [];
  for (const index of letters.keys()) {
    const candidate = [...held, index].map((one) => letters[one]);
    if (canBeAssigned(candidate, wanted)) held.push(index);
  }
  return { held, isComplete: held.length === wanted.length };
}

function canBeAssigned([letter, ...others]: readonly string[], wanted: readonly string[]): boolean {
  if (letter === undefined) return true;
  return wanted.some((one, index) => meets(letter, one) && canBeAssigned(others, wanted.toSpliced(index, 1)));
}

function isRun(letters: readonly string[], start: number, wanted: readonly string[]): boolean {
  return wanted.every((one, index) => meets(letters[start + index], one));
}

function meets(letter: string | undefined, accepted: string): boolean {
  return letter !== undefined && letter !== '' && accepted.includes(letter);
}

function range(start: number, size: number): number[] {
  return Array.from({ length: size }, (_, index) => start + index);
}
