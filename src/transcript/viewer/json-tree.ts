import { h } from './dom.ts';
import { formatCount } from './format.ts';

/** Characters of a string that the tree shows; the text of the payload has all. */
const shownCharacters = 5000;
/** Children that one step of the tree shows; more come in groups of as many. */
const groupSize = 200;

/** A number as the text has it: `9007199254740993` is not the number nearest to it. */
class ExactNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** Draws a JSON text as a tree; each level is drawn when it is opened first. `undefined` when it is not JSON. */
export function drawJsonTree(text: string): HTMLElement | undefined {
  const parsed = parseExactly(text);
  if (parsed === undefined) return undefined;
  const root = drawValue(undefined, parsed.value);
  if (root instanceof HTMLDetailsElement) root.open = true;
  return h('div', { class: 'tree' }, [root]);
}

function parseExactly(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text, keepDigits) };
  } catch {
    // Not JSON, or nested too deeply for a reviver.
  }
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** The third argument is of ES2026: where it is missing, numbers are shown as they were read. */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === 'number' && source !== undefined && source !== String(value)
    ? new ExactNumber(source)
    : value;
}

type Entry = readonly [key: string, value: unknown];

function drawValue(key: string | undefined, value: unknown): HTMLElement {
  const label = key === undefined ? [] : [h('span', { class: 'key' }, [key]), ': '];
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) {
    return h('div', { class: 'leaf' }, [...label, drawLeaf(value)]);
  }
  const entries = Object.entries(value);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return h('div', { class: 'leaf' }, [...label, `${open}${close}`]);
  const summary = h('summary', {}, [...label, h('span', { class: 'hint' }, [`${open} ${entries.length} ${close}`])]);
  return lazyDetails(summary, () => drawEntries(entries));
}

function drawEntries(entries: readonly Entry[]): HTMLElement[] {
  if (entries.length <= groupSize) return entries.map(([key, value]) => drawFirstLevel(key, value));
  const groups: HTMLElement[] = [];
  for (let start = 0; start < entries.length; start += groupSize) {
    const part = entries.slice(start, start + groupSize);
    const label = h('span', { class: 'hint' }, [`${start} … ${start + part.length - 1}`]);
    groups.push(lazyDetails(h('summary', {}, [label]), () => drawEntries(part)));
  }
  return groups;
}

/** Small values are open from the start: most messages are seen as a whole. */
function drawFirstLevel(key: string, value: unknown): HTMLElement {
  const element = drawValue(key, value);
  if (element instanceof HTMLDetailsElement && typeof value === 'object' && value !== null) {
    element.open = Object.keys(value).length <= 20 && isFlat(value);
  }
  return element;
}

function isFlat(value: object): boolean {
  return Object.values(value).every((one) => typeof one !== 'object' || one === null || Object.keys(one).length <= 20);
}

function lazyDetails(summary: HTMLElement, draw: () => HTMLElement[]): HTMLDetailsElement {
  const details = h('details', {}, [summary]);
  details.addEventListener(
    'toggle',
    () => {
      details.append(...draw());
    },
    { once: true },
  );
  return details;
}

function drawLeaf(value: unknown): HTMLElement {
  if (value instanceof ExactNumber) return h('span', { class: 'number' }, [value.source]);
  if (typeof value === 'string') return drawString(value);
  return h('span', { class: typeof value === 'number' ? 'number' : 'word' }, [String(value)]);
}

function drawString(value: string): HTMLElement {
  if (value.length <= shownCharacters) return h('span', { class: 'string' }, ['"', value, '"']);
  const more = ` … ${formatCount(value.length - shownCharacters)} more characters`;
  const text = h('span', { class: 'string' }, ['"', value.slice(0, shownCharacters)]);
  return h('span', {}, [text, h('span', { class: 'hint' }, [more])]);
}
