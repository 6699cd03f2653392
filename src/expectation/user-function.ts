import { shorten } from './print.ts';

/** Characters of a function's source: one line of a terminal. */
const longestSource = 100;

/** A function's name, or its source in one line. */
export function describeFunction(written: Function): string {
  if (typeof written.name === 'string' && written.name !== '') return written.name;
  return shorten(Function.prototype.toString.call(written).replaceAll(/\s+/g, ' '), longestSource);
}

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
