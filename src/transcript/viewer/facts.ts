import { button, h } from './dom.ts';
import type { Line } from './lines.ts';
import type { Store } from './store.ts';

/** A label with what belongs to it; facts without a value are left out. */
export type Fact = readonly [label: string, value: string | Node | readonly (string | Node)[] | undefined];

/** A list of labels and values. */
export function drawFacts(facts: readonly Fact[]): HTMLElement {
  const pairs = facts.flatMap(([label, value]) => {
    if (value === undefined) return [];
    return [h('div', {}, [h('dt', {}, [label]), h('dd', {}, contentOf(value))])];
  });
  return h('dl', { class: 'facts' }, pairs);
}

/** A title with a sign; the first thing in the details. */
export function drawTitle(sign: string, text: string): HTMLElement {
  return h('h2', {}, [h('span', { 'aria-hidden': 'true' }, [`${sign} `]), text]);
}

/** A text on a ground of its own, as code is shown. */
export function drawCode(text: string): HTMLElement {
  return h('pre', { tabindex: 0 }, [text]);
}

/** A button that shows the details of another line. */
export function drawLink(store: Store, line: Line, label: string): HTMLElement {
  return button(label, () => store.select(line), { class: 'link' });
}

/** Headers of a request or a response. */
export function drawHeaders(label: string, headers: Readonly<Record<string, string>>): HTMLElement[] {
  const rows = Object.entries(headers).map(([name, value]) =>
    h('tr', {}, [h('th', { scope: 'row' }, [name]), h('td', {}, [value])]),
  );
  const body = rows.length === 0 ? h('p', { class: 'quiet' }, ['None']) : h('table', {}, [h('tbody', {}, rows)]);
  return [h('h3', {}, [label]), body];
}

function contentOf(value: string | Node | readonly (string | Node)[]): (string | Node)[] {
  return typeof value === 'string' || value instanceof Node ? [value] : [...value];
}
