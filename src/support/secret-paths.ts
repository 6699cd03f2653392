import { createRequire } from 'node:module';
import type * as jsonPath from 'json-p3';
import { errorMessage } from './errors.ts';

/** A value that a path leads to, and the name under which it stands. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** Looks into a decoded value. */
export type SecretPath = (value: unknown) => NamedValue[];

const require = createRequire(import.meta.url);

/** Compiles a JSONPath (RFC 9535). Throws what is wrong with it. */
export function compileSecretPath(path: string): SecretPath {
  const { compile }: typeof jsonPath = require('json-p3');
  const compiled = compile(path);
  return (value) => {
    const found: unknown = value;
    if (!isJson(found)) return [];
    return [...compiled.query(found)].flatMap((node) => leaves(lastName(node.location), node.value));
  };
}

/** What is wrong with a JSONPath; `undefined` when it can be compiled. */
export function faultOfPath(path: string): string | undefined {
  try {
    compileSecretPath(path);
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
}

/** Numbers and texts at or inside of a value; those of a list have the list's name. */
function leaves(name: string, value: unknown): NamedValue[] {
  if (typeof value === 'string' || typeof value === 'number') return [{ name, value: String(value) }];
  if (Array.isArray(value)) return value.flatMap((item) => leaves(name, item));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => leaves(key, item));
}

function lastName(location: readonly (string | number)[]): string {
  return location.findLast((part) => typeof part === 'string') ?? '';
}

function isJson(value: unknown): value is jsonPath.JSONValue {
  return value !== undefined;
}
