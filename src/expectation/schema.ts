import type { StandardSchemaV1 } from '@standard-schema/spec';
import { misuse } from '../support/errors.ts';

/** Issues that a failure lists: the first ones mostly explain the others. */
const mostIssues = 10;

/** A schema's verdict on a value. */
export type SchemaResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly issues: readonly StandardSchemaV1.Issue[] };

/** A received message's value that the client's `schema` refuses. */
export class SchemaViolation extends Error {
  override readonly name = 'SchemaViolation';
  /** What the schema found, as it reports it. */
  readonly issues: readonly StandardSchemaV1.Issue[];

  constructor(vendor: string, issues: readonly StandardSchemaV1.Issue[]) {
    super(
      [`The message violates the schema (${vendor})`, ...describeIssues(issues).map((line) => `  ${line}`)].join('\n'),
    );
    this.issues = issues;
  }
}

/** Schemas are objects or functions, whatever their library. */
export function isStandardSchema(value: unknown): value is StandardSchemaV1 {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  if (!('~standard' in value)) return false;
  const props = value['~standard'];
  return typeof props === 'object' && props !== null && 'validate' in props && typeof props.validate === 'function';
}

/** The library's name, as it calls itself. */
export function vendorOf(schema: StandardSchemaV1): string {
  const { vendor } = schema['~standard'];
  return typeof vendor === 'string' && vendor !== '' ? vendor : 'unknown library';
}

/**
 * Validates at once.
 *
 * @throws TypeError `WS_INVALID_EXPECTATION` when the schema validates asynchronously.
 */
export function validateSync(schema: StandardSchemaV1, value: unknown): SchemaResult {
  const result = validateNow(schema, value);
  if (result !== 'asynchronous') return result;
  throw misuse(
    'WS_INVALID_EXPECTATION',
    `Cannot validate with a schema (${vendorOf(schema)}) that returned a promise: each message is judged the moment it arrives.\n` +
      '  Use a schema without asynchronous refinements and transforms (zod also returns a promise when one of them throws).',
  );
}

/** As {@link validateSync}; a promise is told instead of thrown, and its rejection is handled. */
export function validateNow(schema: StandardSchemaV1, value: unknown): SchemaResult | 'asynchronous' {
  const result = schema['~standard'].validate(value);
  if ('then' in result) {
    Promise.resolve(result).catch(() => {});
    return 'asynchronous';
  }
  // The standard: a falsy `issues` is success.
  return result.issues ? { ok: false, issues: result.issues } : { ok: true, value: result.value };
}

/** What `MessageSource.validate` needs: returns the schema's output or throws a {@link SchemaViolation}. */
export function schemaValidator(schema: StandardSchemaV1): (value: unknown) => unknown {
  return (value) => {
    const result = validateSync(schema, value);
    if (result.ok) return result.value;
    throw new SchemaViolation(vendorOf(schema), result.issues);
  };
}

/** One line an issue, with its path: `items[2].price: Expected number, received string`. At most 10. */
export function describeIssues(issues: readonly StandardSchemaV1.Issue[]): string[] {
  const lines = issues.slice(0, mostIssues).map(describeIssue);
  return issues.length > mostIssues ? [...lines, `… ${issues.length - mostIssues} more issues`] : lines;
}

function describeIssue(issue: StandardSchemaV1.Issue): string {
  const message = issue.message.replaceAll(/\s*\n\s*/g, ' ');
  const path = describePath(issue.path ?? []);
  return path === '' ? message : `${path}: ${message}`;
}

function describePath(path: readonly (PropertyKey | StandardSchemaV1.PathSegment)[]): string {
  return path.reduce<string>((before, segment) => {
    const key = typeof segment === 'object' ? segment.key : segment;
    if (typeof key === 'number') return `${before}[${key}]`;
    if (typeof key === 'symbol') return `${before}[${String(key)}]`;
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)) return `${before}[${JSON.stringify(key)}]`;
    return before === '' ? key : `${before}.${key}`;
  }, '');
}
