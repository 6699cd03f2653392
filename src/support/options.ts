import { createRequire } from 'node:module';
import type * as zod from 'zod';

import { longestTimerMs } from './clock.ts';
import { misuse } from './errors.ts';
import { isSecretName } from './redact.ts';

const require = createRequire(import.meta.url);

/** The zod module, as the builders of definitions receive it. */
export type Zod = typeof zod;

/** One zod schema an option. A schema's `error` says what is allowed, as a noun: `a number of at least 0`. */
export type OptionShape<Options extends object> = { readonly [Name in keyof Options]-?: zod.ZodType };

/** Which options there are, and what each may be. Built at its first use, since zod takes 50 ms to load. */
export interface OptionsDefinition<Options extends object> {
  shape(): OptionShape<Options>;
  /** Options whose values are never printed, only their type; further to names that look like secrets. */
  readonly secrets: readonly string[];
}

/**
 * Declares the options of a method.
 *
 * Schemas judge, they do not change anything: {@link checkOptions} returns the very value it was given, so that functions,
 * signals and instances keep their identity. Refinements and `z.custom` are fine; defaults and transforms have no effect.
 */
export function defineOptions<Options extends object>(
  shape: (z: Zod) => OptionShape<Options>,
  secrets: readonly string[] = [],
): OptionsDefinition<Options> {
  let built: OptionShape<Options> | undefined;
  return { shape: () => (built ??= shape(loadZod())), secrets };
}

/**
 * Returns `value` when every option in it is known and allowed. `undefined` means not set.
 *
 * @param kind The method, as errors name it: `connect`.
 * @throws {TypeError} `WS_INVALID_OPTION` that lists every problem: the option, what is allowed, what was found.
 */
export function checkOptions<Options extends object>(
  kind: string,
  definition: OptionsDefinition<Options>,
  value: Options,
): Options {
  const found: unknown = value;
  if (typeof found !== 'object' || found === null || Array.isArray(found)) {
    throw misuse('WS_INVALID_OPTION', `Invalid options of ${kind}: expected an object, found ${describeFound(found)}`);
  }
  const problems = Object.entries(found).flatMap(([name, option]) => judge(definition, name, option));
  if (problems.length > 0) throw misuse('WS_INVALID_OPTION', describeProblems(kind, problems));
  return value;
}

/** Schema of a duration that a timer can measure. */
export function milliseconds(z: Zod): zod.ZodType {
  return z.custom(isDuration, 'a number of milliseconds of at least 0');
}

/** Schema of a count; `0` is one. */
export function wholeNumber(z: Zod, allowed = 'a whole number of at least 0'): zod.ZodType {
  return z.custom((value) => Number.isSafeInteger(value) && Number(value) >= 0, allowed);
}

/** Whether a value is a duration that a timer can measure, in milliseconds. */
export function isDuration(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= longestTimerMs;
}

/** A value as an error message shows it: short, and never the inside of an object. */
export function describeFound(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return describeObject(value);
  return String(value);
}

interface Problem {
  readonly option: string;
  /** What follows `Invalid option "…" of connect: `; `undefined` when there is no such option. */
  readonly fault: string | undefined;
  /** Of an unknown option: what to write instead. */
  readonly hint: string;
}

/** What zod reports, as far as it is used. */
interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

function loadZod(): Zod {
  const loaded: Zod = require('zod');
  return loaded;
}

function judge(definition: OptionsDefinition<object>, name: string, value: unknown): Problem[] {
  if (value === undefined) return [];
  const known = new Map<string, zod.ZodType>(Object.entries(definition.shape()));
  const schema = known.get(name);
  if (schema === undefined) return [unknownOption(name, [...known.keys()])];
  const result = schema.safeParse(value);
  if (result.success) return [];
  const issues: readonly Issue[] = result.error.issues;
  return issues.flatMap((issue) => explain(issue, name, { value, secrets: definition.secrets }));
}

function explain(issue: Issue, name: string, given: { value: unknown; secrets: readonly string[] }): Problem[] {
  const path = [name, ...issue.path.map(String)];
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => ({ option: [...path, key].join('.'), fault: undefined, hint: '' }));
  }
  const isSecret = path.some((part) => given.secrets.includes(part) || isSecretName(part));
  const found = valueAt(given.value, issue.path);
  const shown = isSecret ? describeType(found) : describeFound(found);
  return [{ option: path.join('.'), fault: `expected ${issue.message}, found ${shown}`, hint: '' }];
}

function unknownOption(name: string, known: readonly string[]): Problem {
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? `Known options: ${known.join(', ')}.` : `Did you mean "${nearest}"?`;
  return { option: name, fault: undefined, hint };
}

function describeProblems(kind: string, problems: readonly Problem[]): string {
  const [first, ...others] = problems;
  if (others.length === 0) return describeProblem(first, ` of ${kind}`);
  return [`Invalid options of ${kind}:`, ...problems.map((problem) => `  - ${describeProblem(problem, '')}`)].join(
    '\n',
  );
}

function describeProblem({ option, fault, hint }: Problem, of: string): string {
  if (fault !== undefined) return `Invalid option "${option}"${of}: ${fault}`;
  return `Unknown option "${option}"${of}${hint === '' ? '' : `. ${hint}`}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' && name !== 'Object' ? `an instance of ${name}` : 'an object';
}

function describeType(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  return typeof value === 'object' ? describeObject(value) : `a ${typeof value}`;
}

/** The known name that differs least, when it differs little: by a third of its letters. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  const distances = known.map((candidate) => ({
    candidate,
    distance: distance(name.toLowerCase(), candidate.toLowerCase()),
  }));
  const nearest = distances.toSorted((a, b) => a.distance - b.distance).at(0);
  if (nearest === undefined) return undefined;
  return nearest.distance <= Math.max(2, Math.ceil(nearest.candidate.length / 3)) ? nearest.candidate : undefined;
}

/** Edits that make `b` out of `a`. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
