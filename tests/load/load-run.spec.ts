import { describeProgress } from '../../src/load/load-progress.ts';
import { loadError, resultOf } from '../../src/load/load-result.ts';
import type { VirtualUser } from '../../src/load/virtual-user.ts';
import { setTimeout } from 'node:timers/promises';
import type { WebSocketClient } from '../../src/client.ts';
import { expect as expectWs } from '../../src/playwright/expect.ts';
import { steadyText, text } from '../helpers/failure-text.ts';
import { expect, test } from '../helpers/test.ts';
import { echo, prepare, runLoad } from './run-load.ts';

test('iterations are shared by all users, each with its own numbers', async ({ server }) => {
  const seen: string[] = [];
  const { result } = await runLoad(server.url, { vus: 3, iterations: 7 }, async (vu) => {
    seen.push(`${vu.id}.${vu.iteration}`);
    await vu.connect('/');
  });

  expect(result.iterations).toEqual({ passed: 7, failed: 0, interrupted: 0 });
  expect(new Set(seen).size).toBe(7);
  expect(new Set(seen.map((one) => one.split('.')[0]))).toEqual(new Set(['1', '2', '3']));
  expect(server.connections).toHaveLength(7);
  expect(server.openConnections).toEqual([]);
});

test('users run at the same time', async ({ server }) => {
  let connected = 0;
  const all = new Promise<void>((resolve) => {
    server.onConnection(() => {
      connected += 1;
      if (connected === 20) resolve();
    });
  });
  const { result, run } = await runLoad(server.url, { vus: 20, iterations: 20 }, async (vu) => {
    await vu.connect('/');
    await all;
  });

  expect(result.iterations.passed).toBe(20);
  expect(run.meter.connections).toEqual({ now: 0, most: 20 });
});

test('result has measurements of all connections, by client too', async ({ startServer }) => {
  const server = await startServer(echo);
  const { message, result } = await runLoad(
    server.url,
    {
      vus: 2,
      iterations: 4,
      thresholds: { 'ws_msgs_sent{client:/one}': ['count==8'], 'ws_msgs_sent{client:/two}': ['count==4'] },
    },
    async (vu) => {
      const [one, two] = [await vu.connect('/one'), await vu.connect('/two')];
      await one.ping();
      await one.request('ab', 'ab');
      await one.send('c');
      await two.send('d');
      await one.waitForMessage('c');
      await two.waitForMessage('d');
    },
  );

  expect(message).toBeUndefined();
  const { metrics } = result;
  expect([metrics.iterations.count, metrics.iteration_duration.count]).toEqual([4, 4]);
  expect([metrics.ws_sessions.count, metrics.ws_connecting.count, metrics.ws_session_duration.count]).toEqual([
    8, 8, 8,
  ]);
  expect([metrics.ws_ping.count, metrics.ws_response_time.count]).toEqual([4, 4]);
  expect([metrics.ws_msgs_sent.count, metrics.ws_msgs_received.count]).toEqual([12, 12]);
  expect([metrics.data_sent.count, metrics.data_received.count]).toEqual([16, 16]);
  expect([metrics.vus, metrics.vus_max].map(({ max }) => max)).toEqual([2, 2]);
});

test('measurements do not depend on when they are counted', async ({ startServer }) => {
  const server = await startServer(echo);
  const { plan, run } = prepare(server.url, { iterations: 1 }, async (vu) => {
    const client = await vu.connect('/');
    for (const data of ['a', 'b', 'c']) {
      await client.request(data, data);
      await client.ping();
      run.meter.count();
    }
  });
  await run.run();

  const { total } = run.meter.measurements;
  expect(plan.iterations).toBe(1);
  expect([total.count('ws_sessions'), total.trend('ws_ping').count, total.trend('ws_response_time').count]).toEqual([
    1, 3, 3,
  ]);
  expect([total.count('ws_msgs_sent'), total.count('ws_msgs_received')]).toEqual([3, 3]);
});

test('stay returns early when the run stops, and the iteration passes', async ({ server }) => {
  const { result } = await runLoad(server.url, { vus: 5, duration: 50 }, async (vu) => {
    const client = await vu.connect('/');
    await client.stay(60_000);
    await client.stay(60_000);
    await vu.stay('1m');
  });

  expect(result.iterations).toEqual({ passed: 5, failed: 0, interrupted: 0 });
  expect(result.duration).toBeLessThan(30_000);
});

test('stay and gracefulStop that are longer than any timer are not over at once', async ({ server }) => {
  const { result } = await runLoad(server.url, { duration: 30, gracefulStop: '1000h' }, async (vu) => {
    await vu.stay('1000h');
    expect(vu.signal.aborted).toBe(true);
    await setTimeout(50);
  });

  expect(result.iterations).toEqual({ passed: 1, failed: 0, interrupted: 0 });
});

test('timers of a run end with it, those of users that left before too', async ({ server }) => {
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const stages = [
    { duration: 20, target: 4 },
    { duration: 20, target: 0 },
  ];
  await runLoad(server.url, { stages, gracefulStop: '1h' }, async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', () => void setTimeout(100).then(resolve)));
  });

  expect(timers()).toBe(before);
});

test('signal of a user is aborted when the run stops', async ({ server }) => {
  const { result } = await runLoad(server.url, { vus: 2, duration: 50 }, async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  });

  expect(result.iterations.passed).toBe(2);
});

for (const [what, wait] of [
  ['a wait', (client: WebSocketClient, signal: AbortSignal) => client.waitForMessage('never', { timeout: 0, signal })],
  [
    'an assertion',
    (client: WebSocketClient, signal: AbortSignal) =>
      expectWs(client).toReceiveMessage('never', { timeout: 0, signal }),
  ],
  ['another promise', (_client: WebSocketClient, signal: AbortSignal) => setTimeout(60_000, undefined, { signal })],
] as const) {
  test(`${what} that the signal of its user ended interrupts the iteration, and is no failure`, async ({ server }) => {
    const { message, result } = await runLoad(server.url, { duration: 30 }, async (vu) => {
      await wait(await vu.connect('/'), vu.signal);
    });

    expect(message).toBeUndefined();
    expect(result.iterations).toEqual({ passed: 0, failed: 0, interrupted: 1 });
  });
}

test('client that the signal of its user ended interrupts the iteration, and is no failure', async ({ server }) => {
  const { result } = await runLoad(server.url, { duration: 30 }, async (vu) => {
    const client = await vu.connect('/', { signal: vu.signal });
    await client.waitForMessage('never', { timeout: 0 });
  });

  expect(result.iterations).toEqual({ passed: 0, failed: 0, interrupted: 1 });
});

test('client with the signal of its user closes with its iteration as any other', async ({ server }) => {
  const { result } = await runLoad(server.url, { iterations: 1 }, async (vu) => {
    await vu.connect('/', { signal: vu.signal });
  });

  expect(result.iterations.passed).toBe(1);
  expect(await server.connections[0].closed).toMatchObject({ code: 1000 });
});

test('failure of a user that is to stop is a failure all the same', async ({ server }) => {
  const { result } = await runLoad(server.url, { duration: 30 }, async (vu) => {
    await vu.stay('1m');
    throw new Error('of the scenario');
  });

  expect(result.iterations).toEqual({ passed: 0, failed: 1, interrupted: 0 });
});

test('stay that nobody awaited ends with its iteration', async ({ server }) => {
  let isOver = false;
  await runLoad(server.url, { iterations: 1 }, (vu) => {
    void vu.stay('1h').then(() => (isOver = true));
  });

  expect(isOver).toBe(true);
});

test('stages ramp users up and down; those that leave do not wait for their open sockets', async ({ server }) => {
  const { result, run } = await runLoad(
    server.url,
    {
      stages: [
        { duration: 100, target: 10 },
        { duration: 100, target: 0 },
      ],
    },
    async (vu) => {
      const client = await vu.connect('/');
      await client.stay(60_000);
    },
  );

  expect(result.metrics.vus).toMatchObject({ min: 0, max: 10 });
  expect(run.meter.connections.most).toBeLessThanOrEqual(10);
  expect(result.iterations).toEqual({ passed: result.metrics.ws_sessions.count, failed: 0, interrupted: 0 });
});

test('iteration that does not end is interrupted after gracefulStop, and is no failure', async ({ server }) => {
  const { message, result } = await runLoad(server.url, { vus: 2, duration: 30, gracefulStop: 30 }, async (vu) => {
    const client = await vu.connect('/');
    if (vu.id === 1) await client.waitForMessage('never', { timeout: 0 });
    else await new Promise(() => {});
  });

  expect(message).toBeUndefined();
  expect(result.iterations).toEqual({ passed: 0, failed: 0, interrupted: 2 });
  expect(result.metrics.iterations.count).toBe(0);
});

test('opening handshake that hangs does not hold up the end', async ({ startRawServer }) => {
  const silent = await startRawServer();
  const { message, result } = await runLoad(silent.url, { vus: 2, duration: 30, gracefulStop: 30 }, async (vu) => {
    await vu.connect('/');
  });

  expect(result.iterations).toEqual({ passed: 0, failed: 0, interrupted: 2 });
  expect(message).toBe(
    'The load run failed\n\nNo connection was opened, and no iteration came to its end: 2 were interrupted',
  );
});

test('scenario that never waits leaves the end of the run its turn', async ({ server }) => {
  const { result } = await runLoad(server.url, { vus: 3, duration: 30 }, () => {});

  expect(result.iterations.passed).toBeGreaterThan(3);
});

test('run stops at one failure more than maxFailures, and says what failed how often', async ({ startServer }) => {
  const server = await startServer(({ socket }) => socket.close(4001, 'full'));
  const { message, result } = await runLoad(server.url, { vus: 1, iterations: 100, maxFailures: 2 }, async (vu) => {
    const client = await vu.connect('/chat');
    await client.closed;
  });

  expect(result.iterations).toEqual({ passed: 0, failed: 3, interrupted: 0 });
  expect(steadyText(message ?? '')).toBe(
    text(
      'The load run failed',
      '',
      '3 of 3 iterations failed, maxFailures allows 2, so the run was stopped:',
      '  - 3 times, first of user 1, iteration 0 at load-run.spec.ts:LINE: The iteration ended, and "/chat (user 1)" (ws://127.0.0.1:PORT/chat), connected at load-run.spec.ts:LINE, closed with 4001 "full", by the server',
      '      If that is right, expect it: await expect(client).toBeClosed({ code })',
    ),
  );
});

test('failures that maxFailures allows fail nothing and are in the result, with their frames', async ({
  startServer,
}) => {
  const server = await startServer(echo);
  const { message, result } = await runLoad(
    server.url,
    { vus: 1, iterations: 3, maxFailures: Infinity },
    async (vu) => {
      const client = await vu.connect('/chat');
      await client.request({ n: vu.iteration }, { n: vu.iteration });
      if (vu.iteration === 1) throw new Error('on purpose');
    },
  );

  expect(message).toBeUndefined();
  const [failure] = result.failures;
  expect(result.failures).toHaveLength(1);
  expect(failure).toMatchObject({ user: 1, iteration: 1, error: { message: 'on purpose' } });
  expect(steadyText(result.summary)).toContain(
    '\n\n█ FAILURES\n\n  - user 1, iteration 1 at load-run.spec.ts:LINE: on purpose',
  );
  expect(failure.frames.map(({ direction, opcode }) => `${direction} ${opcode}`)).toEqual([
    'sent text',
    'received text',
    'sent close',
    'received close',
  ]);
});

test('summary of what went well has no failures and no notes', async ({ server }) => {
  const { result } = await runLoad(server.url, { iterations: 1 }, async (vu) => {
    await vu.connect('/chat');
  });

  expect(result.summary).not.toMatch(/FAILURES|NOTES/);
});

test('summary lists five kinds of failures, and how many more there are', async ({ server }) => {
  const { result } = await runLoad(server.url, { iterations: 7, maxFailures: 7 }, (vu) => {
    throw new Error(`kind ${vu.iteration}\nmore about it`);
  });

  const [, failures = ''] = steadyText(result.summary).split('█ FAILURES\n\n');
  expect(failures.split('\n')).toEqual([
    ...[0, 1, 2, 3, 4].map((kind) => `  - user 1, iteration ${kind} at load-run.spec.ts:LINE: kind ${kind}`),
    '  … and 2 more kinds of failures',
  ]);
});

test('summary says when no iteration came to its end', async ({ server }) => {
  const { message, result } = await runLoad(server.url, { vus: 2, duration: 50, gracefulStop: 0 }, async (vu) => {
    const client = await vu.connect('/chat');
    await client.waitForMessage('never', { timeout: 0 });
  });

  expect(message).toBeUndefined();
  expect(result.summary).toMatch(/\n\n█ NOTES\n\n  no iteration came to its end: 2 interrupted$/);
});

test('summary says when clients are too many to be told apart', async ({ server }) => {
  const { plan, run } = prepare(server.url, { iterations: 1 }, () => {});
  await run.run();
  for (let number = 1; number <= 201; number++) run.meter.measurements.addCount('ws_sessions', 1, `user${number}`);

  expect(resultOf(run, plan).summary).toContain(
    'only the first 200 clients are told apart: the others are in the totals alone',
  );
});

test('progress has what there is one of in the singular', async ({ server }) => {
  let line = '';
  const { plan, run } = prepare(server.url, { iterations: 2 }, async (vu) => {
    await vu.connect('/chat');
    line = describeProgress(run, plan);
  });
  await run.run();

  expect(line).toMatch(/^\d.*s, 1 user, 1 connection, 1 of 2 iterations, 0 messages\/s$/);
});

test('clients of failed iterations of one user have names of their own in the evidence', async ({ server }) => {
  const { run } = await runLoad(server.url, { vus: 1, iterations: 2, maxFailures: 2 }, async (vu) => {
    await vu.connect('/chat');
    await vu.connect('/chat');
    throw new Error('on purpose');
  });

  const connections = run.failures.registries.flatMap((registry) => registry.connections);
  expect(connections.map(({ name }) => name)).toEqual([
    '/chat (user 1)',
    '/chat 2 (user 1)',
    '/chat (user 1, iteration 1)',
    '/chat 2 (user 1, iteration 1)',
  ]);
});

test('whatever an iteration throws is its failure, and the run goes on', async ({ server }) => {
  const thrown: unknown[] = [Object.create(null), Object.defineProperty(new Error('text'), 'message', { value: 7 })];
  const { result } = await runLoad(server.url, { iterations: 3, maxFailures: 2 }, ({ iteration }) => {
    if (iteration < 2) throw thrown[iteration];
  });

  expect(result.iterations).toEqual({ passed: 1, failed: 2, interrupted: 0 });
  expect(result.failures[0].error.message).toBe('something that cannot be printed');
});

test('wait that nobody awaited fails its iteration', async ({ server }) => {
  const { result } = await runLoad(server.url, { iterations: 1 }, async (vu) => {
    const client = await vu.connect('/');
    void client.waitForMessage('never');
  });

  expect(result.failures.map(({ error }) => steadyText(error.message))).toEqual([
    'The iteration ended, and waitForMessage at load-run.spec.ts:LINE was not awaited',
  ]);
});

test('connect that nobody awaited and that failed is a failure of its iteration alone', async ({ startServer }) => {
  const server = await startServer({ refuse: () => ({ status: 503 }) });
  const { result, run } = await runLoad(server.url, { iterations: 1, maxFailures: 1 }, async (vu) => {
    void vu.connect('/');
    await vu.stay(100);
  });

  expect(result.iterations.failed).toBe(1);
  expect([run.meter.failedHandshakes, result.metrics.ws_sessions.count]).toEqual([1, 0]);
});

test('client of an iteration that has ended is not used again', async ({ server }) => {
  let first: Awaited<ReturnType<VirtualUser['connect']>> | undefined;
  const { result } = await runLoad(server.url, { iterations: 2, maxFailures: 1 }, async (vu) => {
    if (first === undefined) first = await vu.connect('/chat');
    else await first.send('late');
  });

  expect(steadyText(result.failures[0].error.message)).toBe(
    'Cannot use "/chat (user 1)" at load-run.spec.ts:LINE: the iteration that connected it at load-run.spec.ts:LINE has ended, and its clients with it. Connect in the test, or use `workerWs` for connections that tests share',
  );
});

test('checks have pass rates and fail no iteration', async ({ server }) => {
  const { message, result } = await runLoad(server.url, { iterations: 4 }, (vu) => {
    vu.check('is even', vu.iteration % 2 === 0);
    vu.check('has a name', () => JSON.parse('{}').user.name === 'x');
  });
  expect(message).toBeUndefined();
  expect(result.checks).toEqual([
    { name: 'is even', passes: 2, fails: 2, rate: 0.5 },
    { name: 'has a name', passes: 0, fails: 4, rate: 0 },
  ]);
});

test('check of a promise is an error that shows the right form', async ({ server }) => {
  const { result } = await runLoad(server.url, { iterations: 1 }, (vu) => {
    vu.check('is up', async () => false);
  });

  expect(result.failures[0].error.message).toBe(
    text(
      'Cannot check "is up": its value is a promise, which would always pass',
      '  Await it first: vu.check("is up", await …).',
    ),
  );
});

test('check of a promise that rejects is that error alone', async ({ server }) => {
  const { result } = await runLoad(server.url, { iterations: 1 }, async (vu) => {
    vu.check('is up', Promise.reject(new Error('of the check')));
  });
  await new Promise((resolve) => setImmediate(resolve));

  expect(result.failures).toHaveLength(1);
});

test('stay for no duration is an error that says what is allowed', async ({ server }) => {
  const { result } = await runLoad(server.url, { iterations: 1 }, (vu) => vu.stay('soon'));

  expect(result.failures[0].error.message).toBe(
    `Cannot stay for "soon": expected milliseconds, or text such as '10s', '1m30s' or '500ms'`,
  );
});

test('threshold that is not met fails the run', async ({ server }) => {
  const thresholds = { iterations: ['count>=3', 'count<3'], checks: ['rate>0.9'] };
  const { message, result } = await runLoad(server.url, { iterations: 3, thresholds }, () => {});

  expect(message).toBe(
    text(
      'The load run failed',
      '',
      'Thresholds not met:',
      '  ✗ iterations  count<3   count=3',
      '  ✗ checks      rate>0.9  no samples',
    ),
  );
  expect(result.thresholds.map(({ isMet }) => isMet)).toEqual([true, false, false]);
});

test('threshold with abortOnFail stops the run', async ({ server }) => {
  const thresholds = { checks: [{ threshold: 'rate>0.9', abortOnFail: true }] };
  const { message, result, run } = await runLoad(server.url, { duration: '1h', thresholds }, async (vu) => {
    vu.check('is up', false);
    await vu.stay('1h');
  });

  expect(run.earlyEnd).toBe('thresholds');
  expect(result.iterations.passed).toBe(1);
  expect(message?.replaceAll(/after [\d.]+s/g, 'after 1s')).toBe(
    text(
      'The load run failed',
      '',
      'A threshold with abortOnFail stopped the run after 1s of 1h:',
      '  ✗ checks  rate>0.9  rate=0',
    ).replace('1h', '1h00m00s'),
  );
});

test('threshold with abortOnFail fails the run also when it is met at the end', async ({ server }) => {
  const thresholds = { checks: [{ threshold: 'rate>=0.5', abortOnFail: true }, 'rate>0.9'] };
  const { message } = await runLoad(server.url, { vus: 1, iterations: 1, thresholds }, async (vu) => {
    vu.check('is up', false);
    await vu.stay('1h');
    vu.check('is up', true);
  });

  expect(message?.replaceAll(/after [\d.]+s/g, 'after 1s')).toBe(
    text(
      'The load run failed',
      '',
      'A threshold with abortOnFail stopped the run after 1s:',
      '  ✗ checks  rate>=0.5  rate=0',
      '',
      'Thresholds not met:',
      '  ✗ checks  rate>0.9  rate=0.5',
    ),
  );
});

test('summary says when no client was one of a user', async ({ startServer }) => {
  const { url } = await startServer({ refuse: () => ({ status: 503 }) });
  const idle = await runLoad(url, { iterations: 1 }, () => {});
  const refused = await runLoad(url, { iterations: 1, maxFailures: 1 }, async (vu) => {
    await vu.connect('/chat');
  });

  expect(idle.result.summary).toMatch(
    /\n\n█ NOTES\n\n  no user opened a client with vu.connect: nothing of it is measured$/,
  );
  expect(refused.result.summary).not.toContain('NOTES');
});

test('connections that compress are counted, for the memory that they take', async ({ startServer }) => {
  const server = await startServer({ websocket: { perMessageDeflate: true }, connection: echo });
  const { run } = await runLoad(server.url, { vus: 2, iterations: 2 }, async (vu) => {
    await vu.connect('/', { perMessageDeflate: vu.id === 1 });
  });

  expect(run.meter.compressed).toEqual({ now: 0, most: 1 });
});

test('run that is aborted ends at once and says so', async ({ server }) => {
  const { plan, run } = prepare(server.url, { duration: '1h' }, async (vu) => {
    const client = await vu.connect('/');
    run.abort();
    await client.waitForMessage('never');
  });
  await run.run();

  expect(plan.length).toBe(3_600_000);
  expect([run.earlyEnd, run.iterations]).toEqual(['testEnded', { passed: 0, failed: 0, interrupted: 1 }]);
});

test('iterations that the time of the test is too short for say how many were done', async ({ server }) => {
  const slow = async (vu: VirtualUser): Promise<void> => {
    await vu.connect('/');
    await vu.stay('1h');
  };
  const { plan, run } = prepare(server.url, { iterations: 3 }, slow, { used: 0, left: 400 });
  await run.run();
  const result = resultOf(run, plan);

  expect(run.earlyEnd).toBe('noTimeLeft');
  expect(loadError(run, plan, result)?.message.replace(/setTimeout\(\d+\)/, 'setTimeout(N)')).toBe(
    text(
      'The load run failed',
      '',
      "1 of 3 iterations were done when the test's time ran out",
      '  Give it more: test.setTimeout(N)',
    ),
  );
  expect(result.summary).toContain("stopped: the test's time ran out");
});
