import { announce, copyButton } from './clipboard.ts';
import { button, h, part } from './dom.ts';
import type { Filter, FrameState, SearchMode } from './filter.ts';
import { formatMoment } from './format.ts';
import type { FrameLine } from './lines.ts';
import type { Store } from './store.ts';
import { visibleLine } from './visible-text.ts';

type Options<T extends string> = readonly (readonly [value: T, label: string])[];

const modes: Options<SearchMode> = [
  ['text', 'Text'],
  ['regex', 'RegExp'],
  ['jsonpath', 'JSONPath'],
];

const placeholders: Readonly<Record<SearchMode, string>> = {
  text: 'Filter by text',
  regex: 'order\\.(paid|shipped) or /case/',
  jsonpath: '$.items[?@.price > 10]',
};

const directions: Options<Filter['direction']> = [
  ['', 'Both directions'],
  ['sent', '↑ Sent'],
  ['received', '↓ Received'],
];

const states: Options<FrameState> = [
  ['', 'All frames'],
  ['claimed', 'Claimed'],
  ['unclaimed', 'Unclaimed'],
  ['marked', 'Marked by a wait'],
  ['invalid', 'Invalid'],
  ['hidden', 'Hidden'],
];

const opcodes: readonly FrameLine['opcode'][] = ['text', 'binary', 'ping', 'pong', 'close'];

/** The filters above the list. */
export class Toolbar {
  readonly #store: Store;
  readonly #search: HTMLInputElement = h('input', {
    type: 'search',
    id: 'search',
    'aria-label': 'Filter',
    spellcheck: 'false',
  });
  readonly #range: HTMLButtonElement;

  /** @param readShown The frames that the list shows, for copying. */
  constructor(store: Store, readShown: () => readonly FrameLine[]) {
    this.#store = store;
    this.#search.setAttribute('aria-describedby', 'filter-error');
    this.#search.addEventListener('input', () => store.filter({ search: this.#search.value }));
    this.#range = button('', () => store.filter({ range: undefined }), { hidden: true, title: 'Show all times' });
    part('toolbar').replaceChildren(
      h('span', { class: 'search' }, [this.#modes(), this.#search]),
      ...this.#connections(),
      select('Direction', directions, (direction) => store.filter({ direction })),
      select('State', states, (state) => store.filter({ state })),
      h('fieldset', {}, [h('legend', { class: 'for-readers' }, ['Opcodes']), ...this.#opcodes()]),
      checkbox('events', true, (showsEvents) => store.filter({ showsEvents })),
      this.#range,
      copyButton('Copy as JSON lines', () =>
        readShown()
          .map((frame) => JSON.stringify(frame))
          .join('\n'),
      ),
    );
    store.subscribe(({ filter }) => this.#showRange(filter));
  }

  focus(): void {
    this.#search.focus();
    this.#search.select();
  }

  /** Empties the search, or else the choice of time; `false` when there was neither. */
  clear(): boolean {
    if (this.#search.value !== '') {
      this.#search.value = '';
      this.#store.filter({ search: '' });
      return true;
    }
    if (this.#store.state.filter.range === undefined) return false;
    this.#store.filter({ range: undefined });
    return true;
  }

  /** Says what is wrong with the search text; '' for nothing. */
  showError(text: string): void {
    part('filter-error').textContent = text;
    this.#search.setAttribute('aria-invalid', String(text !== ''));
    if (text !== '') announce('');
  }

  #modes(): HTMLElement {
    this.#search.placeholder = placeholders.text;
    return select('Filter by', modes, (mode) => {
      this.#search.placeholder = placeholders[mode];
      this.#store.filter({ mode });
    });
  }

  #connections(): HTMLElement[] {
    const { connections } = this.#store.conversation;
    if (connections.length < 2) return [];
    const names = connections.map(({ name }): readonly [string, string] => [name, name]);
    return [
      select('Connection', [['', 'All connections'], ...names], (connection) => this.#store.filter({ connection })),
    ];
  }

  #opcodes(): HTMLElement[] {
    return opcodes.map((opcode) =>
      checkbox(opcode, true, (isShown) => {
        const left = new Set(this.#store.state.filter.withoutOpcodes);
        if (isShown) left.delete(opcode);
        else left.add(opcode);
        this.#store.filter({ withoutOpcodes: left });
      }),
    );
  }

  #showRange({ range }: Filter): void {
    this.#range.hidden = range === undefined;
    if (range === undefined) return;
    this.#range.textContent = `${formatMoment(range.fromMs)} … ${formatMoment(range.toMs)} ✕`;
  }
}

function select<T extends string>(label: string, options: Options<T>, change: (value: T) => void): HTMLElement {
  const element = h(
    'select',
    { 'aria-label': label },
    options.map(([value, text]) => h('option', { value }, [visibleLine(text)])),
  );
  element.addEventListener('change', () => {
    const chosen = options[element.selectedIndex];
    if (chosen !== undefined) change(chosen[0]);
  });
  return element;
}

function checkbox(label: string, isChecked: boolean, change: (isChecked: boolean) => void): HTMLElement {
  const input = h('input', { type: 'checkbox' });
  input.checked = isChecked;
  input.addEventListener('change', () => change(input.checked));
  return h('label', { class: 'toggle' }, [input, label]);
}
