import { expect, test } from '@playwright/test';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import * as z from 'zod';
import { describeIssues, SchemaViolation, schemaValidator, validateSync } from '../../src/expectation/schema.ts';
import { receivedMessage } from '../helpers/messages.ts';

const order = z.object({ id: z.coerce.number(), items: z.array(z.object({ price: z.number() })).default([]) });

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown');
}

test.describe('validateSync', () => {
  test('returns the output of the schema', () => {
    expect(validateSync(order, { id: '4' })).toEqual({ ok: true, value: { id: 4, items: [] } });
  });

  test('returns the issues', () => {
    const result = validateSync(order, { id: 4, items: [{ price: 'x' }] });
    expect(result).toMatchObject({ ok: false, issues: [{ path: ['items', 0, 'price'] }] });
  });

  test('throws for a schema that validates asynchronously', () => {
    const error = thrownBy(() =>
      validateSync(
        z.string().refine(async () => true),
        'x',
      ),
    );
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({
      code: 'WS_INVALID_EXPECTATION',
      message:
        'Cannot validate with a schema (zod) that returned a promise: each message is judged the moment it arrives.\n' +
        '  Use a schema without asynchronous refinements and transforms (zod also returns a promise when one of them throws).',
    });
  });
});

test.describe('describeIssues', () => {
  const paths: [NonNullable<StandardSchemaV1.Issue['path']>, string][] = [
    [[], 'wrong'],
    [['id'], 'id: wrong'],
    [['items', 2, 'price'], 'items[2].price: wrong'],
    [[0, 'a'], '[0].a: wrong'],
    [['a', 'b c', 'd'], 'a["b c"].d: wrong'],
    [[{ key: 'items' }, { key: 1 }], 'items[1]: wrong'],
    [['a', Symbol('s')], 'a[Symbol(s)]: wrong'],
    [['größe'], 'größe: wrong'],
  ];
  for (const [path, line] of paths) {
    test(`writes ${line}`, () => {
      expect(describeIssues([{ message: 'wrong', path }])).toEqual([line]);
    });
  }

  test('writes an issue of several lines as one', () => {
    expect(describeIssues([{ message: 'wrong\n  again' }])).toEqual(['wrong again']);
  });

  test('writes ten issues and the number of the others', () => {
    const issues = Array.from({ length: 13 }, (_, index) => ({ message: 'wrong', path: [index] }));
    const lines = describeIssues(issues);
    expect(lines).toHaveLength(11);
    expect(lines[9]).toBe('[9]: wrong');
    expect(lines[10]).toBe('… 3 more issues');
  });
});

test.describe('schemaValidator', () => {
  test("makes the schema's output the value of a message", () => {
    const message = receivedMessage({ id: '4' }, { validate: schemaValidator(order) });
    expect(message.value).toEqual({ id: 4, items: [] });
  });

  test('throws a SchemaViolation that lists the issues', () => {
    const error = thrownBy(() => schemaValidator(order)({ id: 'x', items: [{ price: 'x' }] }));
    expect(error).toBeInstanceOf(SchemaViolation);
    expect(error).toMatchObject({
      name: 'SchemaViolation',
      issues: [{ path: ['id'] }, { path: ['items', 0, 'price'] }],
    });
    expect(error).toHaveProperty(
      'message',
      'The message violates the schema (zod)\n' +
        '  id: Invalid input: expected number, received NaN\n' +
        '  items[0].price: Invalid input: expected number, received string',
    );
  });
});
