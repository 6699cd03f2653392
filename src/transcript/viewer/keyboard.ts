import { part } from './dom.ts';
import type { Row } from './rows.ts';
import type { Store } from './store.ts';

/** What keys act on. */
export interface KeyTargets {
  readonly list: {
    /** The row of the cursor. */
    readonly current: Row | undefined;
    focus(): void;
    seek(isWanted: (row: Row) => boolean, step: 1 | -1): void;
  };
  readonly toolbar: { focus(): void; clear(): boolean };
  readonly details: { focus(): void };
}

/** Keys of the whole page, and those that act while the list has the focus. `help` in the template lists them. */
export function listenToKeys(store: Store, { details, list, toolbar }: KeyTargets): void {
  const help = part('help');
  const openHelp = (): void => {
    if (help instanceof HTMLDialogElement) help.showModal();
  };
  part('open-help').addEventListener('click', openHelp);
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.hasAttribute('open')) return;
    if (event.key === 'Escape') {
      if (!toolbar.clear()) list.focus();
      return;
    }
    if (isTyping(event.target)) return;
    const act = event.key === '/' ? () => toolbar.focus() : listKeys.get(event.key);
    if (act === undefined || (event.key !== '/' && event.target !== part('grid'))) return;
    event.preventDefault();
    act();
  });
  const listKeys: ReadonlyMap<string, () => void> = new Map([
    ['Enter', () => details.focus()],
    ['n', () => list.seek((row) => isProblem(row, store), 1)],
    ['p', () => list.seek((row) => isProblem(row, store), -1)],
    ['[', () => narrow(store, list.current, 'from')],
    [']', () => narrow(store, list.current, 'to')],
    ['?', openHelp],
  ]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input[type=search], select, textarea');
}

function isProblem({ line, moment }: Row, { conversation }: Store): boolean {
  if (moment === 'gaveUp' || moment === 'refused') return true;
  if (moment !== 'frame') return false;
  const marks = conversation.marks.get(line.sequence) ?? [];
  return line.invalid === true || marks.some(({ kind }) => kind !== 'claimed');
}

/** The keyboard's way of choosing a time: from, or up to, a row. */
function narrow(store: Store, row: Row | undefined, end: 'from' | 'to'): void {
  if (row === undefined) return;
  const { endMs, startMs } = store.conversation;
  const { fromMs, toMs } = store.state.filter.range ?? { fromMs: startMs, toMs: endMs };
  const range = end === 'from' ? { fromMs: row.ms, toMs } : { fromMs, toMs: row.ms };
  if (range.fromMs <= range.toMs) store.filter({ range });
}
