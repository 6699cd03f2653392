import { type Statement, parseSync } from 'oxc-parser';

/** What a comment of an example says of the length of a test, and what it is. */
export interface Claim {
  /** Title of the test that the comment is about: the next one. */
  readonly title: string;
  /** Lines of code, or statements, as the comment says and as counted. */
  readonly claimed: number;
  readonly counted: number;
  /** What the comment says of the original. */
  readonly original: number;
}

/** `8 lines of code; the original has 48`, `3 statements; the original has 3 steps`. */
const claimPattern = /(?<claimed>\d+) (?<unit>lines of code|statements); the original has (?<original>\d+)/;

/** The claims of an example's comments. */
export function readClaims(text: string): Claim[] {
  const { comments, program } = parseSync('example.spec.ts', text);
  const tests = program.body.filter((statement) => titleOf(statement) !== undefined);
  return comments.flatMap(({ end, value }) => {
    const { claimed, original, unit } = claimPattern.exec(value)?.groups ?? {};
    const test = tests.find(({ start }) => start > end);
    if (claimed === undefined || original === undefined || test === undefined) return [];
    const counted = unit === 'statements' ? countAwaits(text, test) : countLines(withoutOthers(text, tests, test));
    return [{ title: titleOf(test) ?? '', claimed: Number(claimed), counted, original: Number(original) }];
  });
}

/** Lines that hold more than white space and comments. */
export function countLines(text: string): number {
  const { comments } = parseSync('example.spec.ts', text);
  return blankOut(text, comments)
    .split('\n')
    .filter((line) => line.trim() !== '').length;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** A file as it would be with this test alone. */
function withoutOthers(text: string, tests: readonly Range[], kept: Range): string {
  const others = tests.filter((test) => test !== kept);
  return blankOut(text, others);
}

/** Replaces parts of a text by nothing but their line breaks. */
function blankOut(text: string, ranges: readonly Range[]): string {
  return ranges.toReversed().reduce((left, { end, start }) => {
    const breaks = left.slice(start, end).replace(/[^\n]/g, '');
    return left.slice(0, start) + breaks + left.slice(end);
  }, text);
}

/** Calls of the plugin in a test: the assertion of the last one is no step of its own. */
function countAwaits(text: string, { end, start }: Range): number {
  return text.slice(start, end).match(/\bawait\b/g)?.length ?? 0;
}

function titleOf(statement: Statement): string | undefined {
  if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'CallExpression') return undefined;
  const { arguments: args, callee } = statement.expression;
  const [title] = args;
  if (callee.type !== 'Identifier' || callee.name !== 'test' || title?.type !== 'Literal') return undefined;
  return String(title.value);
}
