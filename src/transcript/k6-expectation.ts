import { mask } from '../support/redact.ts';
import { quote } from './k6-secrets.ts';
import type { FrameLine } from './viewer/lines.ts';

/** What a message has to be. */
export interface K6Expectation {
  /** As a wait describes it. */
  readonly expected: string;
  /** Which message is *the* one, as a wait describes it. */
  readonly where?: string | undefined;
}

/**
 * An expectation as a function of a k6 script. One that is data, text, a RegExp or any message is written as it is; another
 * one (a matcher such as `expect.any(Number)`, a schema, a function) becomes what the recorded message looked like.
 */
export function meetsOf({ expected, where }: K6Expectation, frame: FrameLine): string {
  if (frame.opcode === 'binary') return '({ data }) => data instanceof ArrayBuffer';
  const condition = exactly(expected) ?? looksLike(frame);
  const selection = where === undefined ? anything : (exactly(where) ?? anything);
  const used = [...new Set([condition, selection].flatMap(({ uses }) => uses))];
  const tests = [condition, selection].flatMap(({ test }) => test);
  return tests.length === 0 ? '() => true' : `({ ${used.join(', ')} }) => ${tests.join(' && ')}`;
}

/** Whether a script can say what was expected, and need not look at the message that was recorded. */
export function isExact(expected: string): boolean {
  return exactly(expected) !== undefined;
}

/** JavaScript that is true for the right message, and which members of it that reads. */
interface Condition {
  readonly uses: readonly ('text' | 'value')[];
  readonly test: readonly string[];
}

const anything: Condition = { uses: [], test: [] };

function exactly(expected: string): Condition | undefined {
  if (/^any (?:message|\d+ messages)$/.test(expected)) return anything;
  if (/^\/.+\/[a-z]*$/s.test(expected) && isPattern(expected))
    return { uses: ['text'], test: [`${expected}.test(text)`] };
  const data = expected.includes(mask) ? undefined : parsed(expected);
  if (data === undefined) return undefined;
  return typeof data.value === 'string'
    ? { uses: ['text'], test: [`text === ${quote(data.value)}`] }
    : { uses: ['value'], test: [`contains(value, ${JSON.stringify(data.value)})`] };
}

/** A message with the same members, and the same kind of it where one says so. */
function looksLike({ text = '' }: FrameLine): Condition {
  const value = parsed(text)?.value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { uses: ['text'], test: ['text !== undefined'] };
  }
  const kind = Object.entries(value).find(([name, member]) => kinds.has(name) && typeof member === 'string');
  const members = `hasMembers(value, ${JSON.stringify(Object.keys(value))})`;
  if (kind === undefined || String(kind[1]).includes(mask)) return { uses: ['value'], test: [members] };
  return { uses: ['value'], test: [members, `contains(value, ${JSON.stringify(Object.fromEntries([kind]))})`] };
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
