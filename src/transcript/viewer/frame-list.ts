import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import { h, part } from './dom.ts';
import { columns, drawRow } from './row-view.ts';
import type { Row } from './rows.ts';
import type { Store } from './store.ts';

/** As in `page.css`: one line a row, and two on a narrow screen. */
const narrow = '(max-width: 700px)';
const rowHeight = 26;
const narrowRowHeight = 46;
const headerHeight = 26;
/** Rows beyond the edges of the screen, so that a fast wheel meets no empty list. */
const overscan = 16;

/** The list of frames and events. Only rows near the screen are in the document. */
export class FrameList {
  readonly #store: Store;
  readonly #grid: HTMLElement = part('grid');
  readonly #body: HTMLElement = part('rows');
  readonly #narrow: MediaQueryList = matchMedia(narrow);
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  readonly #drawn = new Map<number, HTMLElement>();
  #shown: Uint32Array = new Uint32Array();
  /** Position of the selected row among the shown ones; -1 when it is none of them. */
  #cursor = -1;

  constructor(store: Store) {
    this.#store = store;
    part('columns').replaceChildren(...columns.map((column) => columnHeader(column)));
    this.#virtualizer = new Virtualizer(this.#options());
    this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
    this.#narrow.addEventListener('change', () => this.#refresh());
    this.#grid.addEventListener('keydown', (event) => this.#onKey(event));
    this.#body.addEventListener('click', (event) => this.#onClick(event));
    store.subscribe(({ selected }, before) => {
      if (selected !== before.selected) this.#follow();
    });
  }

  /** Shows the rows of these indexes. */
  show(indexes: Uint32Array): void {
    this.#shown = indexes;
    this.#refresh();
    this.#follow();
  }

  /** The row of the cursor; `undefined` when the selection is none of the rows that are shown. */
  get current(): Row | undefined {
    return this.#cursor < 0 || this.#cursor >= this.#shown.length ? undefined : this.#rowAt(this.#cursor);
  }

  focus(): void {
    this.#grid.focus();
  }

  /** Selects the next row, in this direction, for which something holds. */
  seek(isWanted: (row: Row) => boolean, step: 1 | -1): void {
    for (let at = this.#cursor + step; at >= 0 && at < this.#shown.length; at += step) {
      if (isWanted(this.#rowAt(at))) return this.#moveTo(at);
    }
  }

  #options(): VirtualizerOptions<HTMLElement, HTMLElement> {
    const height = this.#narrow.matches ? narrowRowHeight : rowHeight;
    return {
      count: this.#shown.length,
      getScrollElement: () => this.#grid,
      estimateSize: () => height,
      overscan,
      scrollMargin: headerHeight,
      scrollPaddingStart: headerHeight,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.#draw(),
    };
  }

  #refresh(): void {
    this.#virtualizer.setOptions(this.#options());
    this.#virtualizer.measure();
    this.#drawn.clear();
    this.#body.replaceChildren();
    this.#grid.setAttribute('aria-rowcount', String(this.#shown.length + 1));
    this.#draw();
  }

  #draw(): void {
    const items = this.#virtualizer.getVirtualItems();
    this.#body.style.height = `${this.#virtualizer.getTotalSize()}px`;
    const wanted = new Set(items.map(({ index }) => index));
    for (const [position, element] of this.#drawn) {
      if (wanted.has(position)) continue;
      this.#drawn.delete(position);
      element.remove();
    }
    for (const { index, start } of items) {
      const element = this.#drawn.get(index) ?? this.#add(index);
      element.style.transform = `translateY(${start - headerHeight}px)`;
      element.setAttribute('aria-selected', String(index === this.#cursor));
    }
    this.#point();
  }

  #add(position: number): HTMLElement {
    const place = { id: `row-${position}`, rowIndex: position + 2, gapMs: this.#gap(position) };
    const element = drawRow(this.#rowAt(position), place, this.#store.conversation);
    this.#drawn.set(position, element);
    this.#body.append(element);
    return element;
  }

  #gap(position: number): number | undefined {
    const row = this.#rowAt(position);
    for (let above = position - 1; above >= 0; above--) {
      const other = this.#rowAt(above);
      if (other.moment === 'frame') return row.ms - other.ms;
    }
    return undefined;
  }

  #rowAt(position: number): Row {
    return this.#store.conversation.rows[this.#shown[position]];
  }

  #moveTo(position: number): void {
    if (this.#shown.length === 0) return;
    this.#cursor = Math.min(Math.max(position, 0), this.#shown.length - 1);
    this.#store.select(this.#rowAt(this.#cursor).line);
    this.#reveal();
  }

  /** Goes where the selection went; stays when the row of the cursor is one of that line already. */
  #follow(): void {
    const { selected } = this.#store.state;
    const isHere = this.#cursor >= 0 && this.#cursor < this.#shown.length;
    if (!isHere || this.#rowAt(this.#cursor).line !== selected) this.#cursor = this.#positionOf(selected);
    this.#reveal();
  }

  #positionOf(selected: unknown): number {
    if (selected === undefined) return -1;
    // The last row of a line tells how it ended.
    return this.#shown.findLastIndex((index) => this.#store.conversation.rows[index].line === selected);
  }

  #reveal(): void {
    if (this.#cursor >= 0) this.#virtualizer.scrollToIndex(this.#cursor, { align: 'auto' });
    this.#draw();
  }

  #point(): void {
    const element = this.#drawn.get(this.#cursor);
    if (element === undefined) this.#grid.removeAttribute('aria-activedescendant');
    else this.#grid.setAttribute('aria-activedescendant', element.id);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = this.#target(event.key);
    if (target === undefined) return;
    event.preventDefault();
    this.#moveTo(target);
  }

  #target(key: string): number | undefined {
    const page = Math.max(
      1,
      Math.floor(this.#grid.clientHeight / (this.#virtualizer.options.estimateSize(0) || 1)) - 2,
    );
    switch (key) {
      case 'ArrowDown':
        return this.#cursor + 1;
      case 'ArrowUp':
        return this.#cursor - 1;
      case 'PageDown':
        return this.#cursor + page;
      case 'PageUp':
        return this.#cursor - page;
      case 'Home':
        return 0;
      case 'End':
        return this.#shown.length - 1;
      default:
        return undefined;
    }
  }

  #onClick({ target }: MouseEvent): void {
    if (!(target instanceof Element)) return;
    const clicked = target.closest('[role=row]');
    for (const [position, element] of this.#drawn) if (element === clicked) this.#moveTo(position);
  }
}

function columnHeader({ label, name, title }: (typeof columns)[number]): HTMLElement {
  const text = name === 'direction' ? h('span', { class: 'for-readers' }, [label]) : label;
  return h('span', { role: 'columnheader', class: name, title }, [text]);
}
