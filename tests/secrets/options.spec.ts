import { checkReport } from '../../src/playwright/report-option.ts';
import { expect, test } from '../helpers/test.ts';

test('wsReport takes what redact may be', () => {
  const redact = { headers: ['x-tenant'], params: ['pin'], paths: ['$..iban'], patterns: [/\d{16}/], values: ['1234'] };

  expect(checkReport({ redact }).redact).toEqual(redact);
  expect(checkReport({ redact: false })).toMatchObject({ mode: 'on', redact: false });
  expect(checkReport('on').redact).toEqual({});
});

const refused: readonly (readonly [redact: unknown, message: string])[] = [
  [true, 'Invalid option "redact" of wsReport: expected an object or false, found true'],
  [{ header: ['a'] }, 'Unknown option "redact.header" of wsReport'],
  [{ headers: 'a' }, 'Invalid option "redact.headers" of wsReport: expected a list of names, found "a"'],
  [{ params: [1] }, 'Invalid option "redact.params.0" of wsReport: expected a name, found 1'],
  [{ paths: ['$.'] }, 'Invalid option "redact.paths.0" of wsReport: expected a JSONPath (RFC 9535), found "$."'],
  [{ patterns: ['a'] }, 'Invalid option "redact.patterns.0" of wsReport: expected a RegExp, found "a"'],
  [
    { values: ['abc'] },
    'Invalid option "redact.values.0" of wsReport: expected text of at least 4 characters, found a string',
  ],
];

for (const [redact, message] of refused) {
  test(`wsReport refuses ${JSON.stringify(redact)} as redact`, () => {
    expect(errorOf({ redact })).toBe(message);
  });
}

function errorOf(report: unknown): string {
  try {
    checkReport(report);
    return 'nothing was thrown';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
