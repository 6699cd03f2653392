import { formatCount } from './format.ts';
import { visibleLine, visibleRuns } from './visible-text.ts';

/** Attributes by name; `false` and `undefined` leave one out, `true` sets it empty. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Makes an element. Strings become text nodes, whatever is in them: nothing of a transcript is ever parsed as HTML, and
 * no character of it goes unseen.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  children: readonly (Node | string)[] = [],
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  appendTo(element, children);
  return element;
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  children: readonly (Node | string)[] = [],
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(element, attributes);
  appendTo(element, children);
  return element;
}

/** A button that does something. */
export function button(label: string, act: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const element = h('button', { type: 'button', ...attributes }, [label]);
  element.addEventListener('click', act);
  return element;
}

/** Appends; in strings, characters that would not be seen are shown by their names. */
export function appendTo(element: Element, children: readonly (Node | string)[]): void {
  for (const child of children) {
    if (typeof child === 'string') appendText(element, child);
    else element.append(child);
  }
}

/** The element of the page's template with this id. */
export function part(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no element "${id}"`);
  return element;
}

/** Characters of one text that are drawn; payloads, which may be longer, are drawn step by step. */
const shownCharacters = 100_000;

function appendText(element: Element, text: string): void {
  for (const run of visibleRuns(text.slice(0, shownCharacters))) {
    if (run.isName && element instanceof HTMLElement) element.append(h('span', { class: 'unseen' }, [run.text]));
    else element.append(run.text);
  }
  if (text.length > shownCharacters) element.append(`… ${formatCount(text.length - shownCharacters)} more characters`);
}

function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : visibleLine(String(value)));
  }
}
