import { mask } from '../support/redact.ts';
import { quote } from './k6-secrets.ts';
import type { FrameLine } from './viewer/lines.ts';

/**
 * An expectation as a function of a k6 script. One that is data, text, a RegExp or any message is written as it is; another
 * one (a matcher such as `expect.any(Number)`, a schema, a function) becomes what the recorded message looked like.
 *
 * @param expected As a wait describes it.
 */
export function meetsOf(expected: string, frame: FrameLine): string {
  if (frame.opcode === 'binary') return '({ data }) => data instanceof ArrayBuffer';
  if (/^any (?:message|\d+ messages)$/.test(expected)) return '() => true';
  if (/^\/.+\/[a-z]*$/s.test(expected) && isPattern(expected)) return `({ text }) => ${expected}.test(text)`;
  const data = expected.includes(mask) ? undefined : parsed(expected);
  if (data === undefined) return looksLike(frame);
  return typeof data.value === 'string'
    ? `({ text }) => text === ${quote(data.value)}`
    : `({ value }) => contains(value, ${JSON.stringify(data.value)})`;
}

/** A message with the same members, and the same kind of it where one says so. */
function looksLike({ text = '' }: FrameLine): string {
  const value = parsed(text)?.value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '({ text }) => text !== undefined';
  const kind = Object.entries(value).find(([name, member]) => kinds.has(name) && typeof member === 'string');
  const members = `hasMembers(value, ${JSON.stringify(Object.keys(value))})`;
  if (kind === undefined || String(kind[1]).includes(mask)) return `({ value }) => ${members}`;
  return `({ value }) => ${members} && contains(value, ${JSON.stringify(Object.fromEntries([kind]))})`;
}

/** Members that usually say what kind of message it is. */
const kinds: ReadonlySet<string> = new Set(['type', 'event', 'action', 'op', 'kind', 'method', 'topic', 'channel']);

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return undefined;
  }
}

function isPattern(text: string): boolean {
  const { flags = '', source = '' } = /^\/(?<source>.+)\/(?<flags>[a-z]*)$/s.exec(text)?.groups ?? {};
  try {
    return `${new RegExp(source, flags)}` === text && !/[gy]/.test(flags);
  } catch {
    return false;
  }
}
