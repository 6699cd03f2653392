import type { Conversation } from './conversation.ts';
import { type Filter, noFilter } from './filter.ts';
import type { Line } from './lines.ts';

/** What the reader of the page has chosen. */
export interface State {
  readonly filter: Filter;
  /** The line whose details are shown. */
  readonly selected: Line | undefined;
}

type Listener = (state: State, before: State) => void;

/** The state of the page; its parts listen to it and change it, and know nothing of each other. */
export class Store {
  readonly conversation: Conversation;
  readonly #listeners: Listener[] = [];
  #state: State = { filter: noFilter, selected: undefined };

  constructor(conversation: Conversation) {
    this.conversation = conversation;
  }

  get state(): State {
    return this.#state;
  }

  subscribe(listener: Listener): void {
    this.#listeners.push(listener);
  }

  select(selected: Line | undefined): void {
    if (selected !== this.#state.selected) this.#update({ ...this.#state, selected });
  }

  filter(changes: Partial<Filter>): void {
    this.#update({ ...this.#state, filter: { ...this.#state.filter, ...changes } });
  }

  #update(state: State): void {
    const before = this.#state;
    this.#state = state;
    for (const listener of this.#listeners) listener(state, before);
  }
}
