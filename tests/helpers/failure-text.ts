import { stripVTControlCharacters } from 'node:util';

/** The text of the error with which an assertion fails, without what differs from run to run. */
export async function failureText(assertion: Promise<unknown>): Promise<string> {
  return steadyText((await failure(assertion)).message);
}

/** The error with which an assertion fails. */
export async function failure(assertion: Promise<unknown>): Promise<Error> {
  try {
    await assertion;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error('Expected a failure, and the assertion passed');
}

/** Ports are `PORT`, times `N ms`, lines of specs `LINE`; there is no colour and no padding of times. */
export function steadyText(message: string): string {
  return stripVTControlCharacters(message)
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replaceAll(/ {2,}\+\d[\d ]* ms/g, '  +N ms')
    .replaceAll(/\d[\d ]* ms\b/g, 'N ms')
    .replaceAll(/(\.spec\.ts):\d+/g, '$1:LINE');
}

/** Lines as one text. */
export function text(...lines: readonly string[]): string {
  return lines.join('\n');
}
