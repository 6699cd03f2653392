import { expect as own } from '../../src/playwright/expect.ts';
import { createClient, findingsOf } from '../connection/test-client.ts';
import { expect, test } from '@playwright/test';

const extended = own.extend({ toBeSeven: (found: number) => ({ pass: found === 7, message: () => 'seven' }) });

for (const [what, assert] of [
  ['expect', () => own(1).toBe(2)],
  ['expect.configure', () => own.configure({ message: 'one' })(1).toBe(2)],
  ['expect.extend', () => extended(1).toBeSeven()],
  ['an extended and configured expect', () => extended.configure({ message: 'one' })(1).toBe(2)],
  ['expect.poll', () => own.poll(() => 1, { timeout: 1 }).toBe(2)],
] as const) {
  test(`an assertion of ${what} whose failure a handler caught is a finding`, async () => {
    const { client, receive, registry } = createClient();
    const handled = new Promise<void>((resolve) =>
      client.on('message', async () => {
        try {
          await assert();
        } catch {
          resolve();
        }
      }),
    );
    receive('a');
    await handled;
    await new Promise((resolve) => setImmediate(resolve));

    expect(findingsOf(registry)).toEqual([expect.stringContaining('caught a failed assertion: ')]);
  });
}

test('an assertion outside of handlers is the one of the host', () => {
  expect(Object.getPrototypeOf(own(1))).toBe(Object.getPrototypeOf(expect(1)));
  expect(() => extended(1).toBeSeven()).toThrow('seven');
});
