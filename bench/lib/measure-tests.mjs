import { writeFileSync } from 'node:fs';

/**
 * Reports how long the tests of a file take: from before the first to after the last, in the worker, per test.
 *
 * @param {import('@playwright/test').TestType<object, object>} test
 */
export function measureTests(test) {
  let start = 0;
  let cpu = process.cpuUsage();
  test.beforeAll(() => {
    cpu = process.cpuUsage();
    start = performance.now();
  });
  test.afterAll(() => {
    const count = Number(process.env['BENCH_COUNT']);
    const { system, user } = process.cpuUsage(cpu);
    const figures = { ms: (performance.now() - start) / count, cpuMs: (user + system) / 1000 / count };
    writeFileSync(`${process.env['BENCH_OUTPUT']}/tests.json`, JSON.stringify(figures));
  });
}
