/** A plain object of strings, numbers, booleans and nulls. */
export type FlatPattern = Readonly<Record<string, string | number | boolean | null>>;

/** Whether a pattern is a plain object whose members are compared one by one, each at a glance. */
export function isFlat(pattern: unknown): pattern is FlatPattern {
  if (!isPlainObject(pattern)) return false;
  for (const value of Object.values(pattern)) if (!isJsonPrimitive(value)) return false;
  return Object.getOwnPropertySymbols(pattern).length === 0;
}

/** What `contains` says of a plain object and a flat pattern, without its detours. */
export function containsFlat(value: object, pattern: FlatPattern): boolean {
  for (const name of Object.keys(pattern)) {
    if (!Object.is(Reflect.get(value, name), pattern[name])) return false;
  }
  return true;
}

/** An object as JSON has it; one of a class may need more than a glance. */
export function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isJsonPrimitive(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
