import { mock } from 'node:test';

import { expect, test } from '@playwright/test';

import { createClient, findingsOf, untyped } from './test-client.ts';

test.beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'setInterval'] }));
test.afterEach(() => mock.timers.reset());

test.describe('setInterval', () => {
  test('calls after each interval until it is stopped', () => {
    const { client } = createClient();
    let calls = 0;
    const stop = client.setInterval(() => (calls += 1), 10);
    mock.timers.tick(25);
    expect(calls).toBe(2);
    stop();
    mock.timers.tick(100);

    expect(calls).toBe(2);
  });

  test('ends with the client', () => {
    const { client, connection, registry } = createClient();
    let calls = 0;
    client.setInterval(() => (calls += 1), 10);
    connection.close(1000, Buffer.alloc(0));
    client.setInterval(() => (calls += 1), 10);
    mock.timers.tick(100);

    expect(calls).toBe(0);
    expect(findingsOf(registry)).toEqual([]);
  });

  test('ends when the end of the client begins', () => {
    const { client, connection } = createClient();
    let calls = 0;
    client.setInterval(() => (calls += 1), 10);
    void connection.end();
    mock.timers.tick(100);

    expect(calls).toBe(0);
  });

  test('reports what its function throws, and goes on', () => {
    const { client, registry } = createClient();
    client.setInterval(() => {
      throw new Error('broken');
    }, 10);
    mock.timers.tick(20);
    const finding = 'handlerError: the setInterval function at timers.spec.ts:L threw: broken';

    expect(findingsOf(registry)).toEqual([finding, finding]);
  });
});

test.describe('setTimeout', () => {
  test('calls once', () => {
    const { client, registry } = createClient();
    let calls = 0;
    client.setTimeout(() => (calls += 1), 10);
    mock.timers.tick(9);
    expect(calls).toBe(0);
    mock.timers.tick(100);

    expect(calls).toBe(1);
    expect(findingsOf(registry)).toEqual([]);
  });

  test('that had not fired when the client ended is a finding, told once', () => {
    const { client, connection, registry } = createClient();
    let calls = 0;
    client.setTimeout(() => (calls += 1), 10);
    connection.close(1000, Buffer.alloc(0));
    mock.timers.tick(100);

    expect(calls).toBe(0);
    expect(findingsOf(registry)).toEqual([
      'uncalledHandler: the setTimeout at timers.spec.ts:L had not fired when "/orders" ended\n  Pass { optional: true } if that is right',
    ]);
    expect(findingsOf(registry)).toEqual([]);
  });

  test('that begins when the client has ended is a finding too', () => {
    const { client, connection, registry } = createClient();
    connection.close(1000, Buffer.alloc(0));
    client.setTimeout(() => {}, 10);

    expect(findingsOf(registry)).toHaveLength(1);
  });

  test('is no finding when it was optional, stopped or has fired', () => {
    const { client, connection, registry } = createClient();
    client.setTimeout(() => {}, 1);
    mock.timers.tick(1);
    client.setTimeout(() => {}, 10, { optional: true });
    client.setTimeout(() => {}, 10)();
    connection.close(1000, Buffer.alloc(0));

    expect(findingsOf(registry)).toEqual([]);
  });

  test('reports what its function throws', () => {
    const { client, registry } = createClient();
    client.setTimeout(() => {
      throw new Error('broken');
    }, 1);
    mock.timers.tick(1);

    expect(findingsOf(registry)).toEqual(['handlerError: the setTimeout function at timers.spec.ts:L threw: broken']);
  });
});

for (const method of ['setTimeout', 'setInterval'] as const) {
  const refused: [string, unknown[], string][] = [
    ['what is no function', ['x', 10], `Cannot call ${method}: expected a function first, found string`],
    ['a time below 0', [() => {}, -1], `Cannot call ${method} with -1: expected milliseconds from 0 to 2147483647`],
    ['no time', [() => {}], `Cannot call ${method} with undefined: expected milliseconds from 0 to 2147483647`],
    [
      'what Node.js would turn into 1 ms',
      [() => {}, 2 ** 31],
      `Cannot call ${method} with 2147483648: expected milliseconds from 0 to 2147483647`,
    ],
  ];
  for (const [name, args, message] of refused) {
    test(`${method} refuses ${name}`, () => {
      const { client } = createClient();

      expect(() => untyped(client, method, ...args)).toThrow(new TypeError(message));
    });
  }
}
