import { isDeepStrictEqual } from 'node:util';

import { expect, test } from '@playwright/test';
import * as fc from 'fast-check';
import type { Connection } from '../../src/connection/connection.ts';
import type { MessageOrder } from '../../src/connection/selection.ts';
import type { MessageWait } from '../../src/connection/wait-for-messages.ts';
import { Mark, type Position } from '../../src/frames/mark.ts';
import type { Message } from '../../src/frames/message.ts';
import { createTestConnection, receive } from '../helpers/fake-wire.ts';
import { SelectiveReceiveModel, type ModelWanted } from './selective-receive-model.ts';
import { waitForOne, waitForSeveral } from './waits.ts';

/** One thing that happens. Numbers pick from what is there at that moment. */
type Step =
  | { readonly kind: 'arrive'; readonly client: number; readonly letter: string }
  | { readonly kind: 'wait'; readonly wanted: ModelWanted; readonly mark: number | undefined }
  | { readonly kind: 'mark' }
  | { readonly kind: 'send'; readonly client: number }
  | { readonly kind: 'pick'; readonly client: number; readonly message: number }
  | { readonly kind: 'abort'; readonly wait: number }
  | { readonly kind: 'close'; readonly client: number };

const clients = 2;

test('the message buffer claims what the model of selective receive claims', () => {
  fc.assert(
    fc.property(fc.array(anyStep(), { maxLength: 40, size: 'max' }), (steps) => {
      const pair = new Pair();
      for (const step of steps) {
        pair.take(step);
        // `expect` costs more than all the rest: it only draws the difference.
        if (!isDeepStrictEqual(pair.actual(), pair.expected())) expect(pair.actual()).toEqual(pair.expected());
      }
    }),
    { numRuns: 1000, ...replayed() },
  );
});

/** `SEED=… npx playwright test` repeats a run that failed. */
function replayed(): { seed?: number } {
  const seed = process.env['SEED'];
  return seed === undefined ? {} : { seed: Number(seed) };
}

function anyStep(): fc.Arbitrary<Step> {
  const client = fc.nat(clients - 1);
  const letters = fc.constantFrom('a', 'b', 'c', 'd', 'ab', 'cd', 'abcd');
  const clientList = fc.constantFrom([0], [1], [0, 1], [1, 0]);
  const mark = fc.option(fc.nat(), { nil: undefined, freq: 5 });
  const several = fc.record({
    clients: clientList,
    expectations: fc.array(letters, { minLength: 1, maxLength: 3 }),
    order: fc.constantFrom<MessageOrder>('relative', 'strict', 'any'),
  });
  const selected = fc.record({
    // Of one client: which of two clients' messages fails such a wait first is not promised.
    clients: fc.constantFrom([0], [1]),
    expectations: fc.tuple(letters),
    order: fc.constant<MessageOrder>('relative'),
    where: letters,
  });
  return fc.oneof(
    {
      weight: 40,
      arbitrary: fc.record({ kind: fc.constant('arrive'), client, letter: fc.constantFrom('a', 'b', 'c', 'd') }),
    },
    { weight: 24, arbitrary: fc.record({ kind: fc.constant('wait'), wanted: several, mark }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait'), wanted: selected, mark }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('mark') }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('send'), client }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('pick'), client, message: fc.nat() }) },
    { weight: 16, arbitrary: fc.record({ kind: fc.constant('abort'), wait: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('close'), client }) },
  );
}

/** The model and the real buffer, to which the same happens. */
class Pair {
  readonly #model = new SelectiveReceiveModel(clients);
  readonly #connections: readonly Connection[] = Array.from(
    { length: clients },
    () => createTestConnection().connection,
  );
  readonly #waits: { readonly started: MessageWait; readonly wanted: ModelWanted; readonly abort: () => void }[] = [];
  /** What waits may look after: marks, sent frames and received messages. */
  readonly #marks: { readonly mark: Position; readonly position: number }[] = [];

  take(step: Step): void {
    switch (step.kind) {
      case 'arrive':
        return this.#arrive(step.client, step.letter);
      case 'wait':
        return this.#wait(step.wanted, step.mark);
      case 'mark':
        this.#marks.push({ mark: new Mark(), position: this.#model.position });
        return;
      case 'send':
        return this.#send(step.client);
      case 'pick':
        return this.#pick(step.client, step.message);
      case 'abort':
        return this.#abort(step.wait);
      case 'close':
        return this.#close(step.client);
    }
  }

  expected(): unknown {
    return { holders: this.#model.holders, outcomes: this.#model.outcomes, misplaced: [] };
  }

  actual(): unknown {
    const records = this.#waits.map(({ started }) => started.wait.record);
    return {
      holders: this.#connections.map(({ messages }) =>
        Array.from({ length: messages.length }, (_, index) => {
          const holder = messages.holder(index);
          return holder === undefined ? -1 : records.findIndex((record) => record === holder);
        }),
      ),
      outcomes: records.map(({ outcome }) => outcome?.kind ?? 'pending'),
      misplaced: this.#waits.flatMap(({ started, wanted }) => misplaced(started, wanted)),
    };
  }

  #arrive(client: number, letter: string): void {
    if (this.#model.isClosed(client)) return;
    this.#model.arrive(client, letter);
    receive(this.#connections[client], letter);
  }

  /** A sent frame claims nothing, and what is after it is what is after a mark taken then. */
  #send(client: number): void {
    if (this.#model.isClosed(client)) return;
    const sent = this.#connections[client].sender.send('sent');
    if (sent instanceof Promise) throw new Error('Text is sent in the turn of the call');
    this.#marks.push({ mark: sent.frame, position: this.#model.position });
  }

  #pick(client: number, picked: number): void {
    const { messages } = this.#connections[client];
    if (messages.length === 0) return;
    const index = picked % messages.length;
    this.#marks.push({ mark: messages.at(index), position: this.#model.positionOf(client, index) });
  }

  #wait(wanted: ModelWanted, picked: number | undefined): void {
    const after = picked === undefined ? undefined : this.#marks.at(picked % Math.max(1, this.#marks.length));
    this.#model.wait({ ...wanted, after: after?.position });
    const connections = wanted.clients.map((client) => this.#connections[client]);
    const expectations = wanted.expectations.map(accepts);
    const controller = new AbortController();
    const options = { signal: controller.signal, ...(after === undefined ? {} : { after: after.mark }) };
    const started =
      wanted.where === undefined
        ? waitForSeveral(connections, expectations, { ...options, order: wanted.order })
        : waitForOne(connections, expectations[0], { ...options, where: accepts(wanted.where) });
    this.#waits.push({ started, wanted, abort: () => controller.abort() });
  }

  #abort(picked: number): void {
    if (this.#waits.length === 0) return;
    const index = picked % this.#waits.length;
    this.#model.abort(index);
    this.#waits[index].abort();
  }

  #close(client: number): void {
    if (this.#model.isClosed(client)) return;
    this.#model.close(client);
    this.#connections[client].close(1000, Buffer.alloc(0));
  }
}

/** What a wait that passed returns: one message for each expectation, in their order, client by client. */
function misplaced({ wait, watch }: MessageWait, { clients: several, expectations }: ModelWanted): string[] {
  if (wait.record.outcome?.kind !== 'passed') return [];
  const wanted = several.flatMap(() => expectations);
  const held = watch.held().map(({ text }) => text);
  const isRight = held.length === wanted.length && held.every((letter, index) => wanted[index].includes(letter));
  return isRight ? [] : [`${held.join()} for ${wanted.join()}`];
}

function accepts(letters: string): (message: Message) => boolean {
  return ({ text }) => letters.includes(text);
}
