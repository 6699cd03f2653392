import { expect, test } from '@playwright/test';
import { chartLoad } from '../../src/load/load-charts.ts';
import { Timeline } from '../../src/load/timeline.ts';
import { runLoad } from './run-load.ts';
import { test as withServer } from '../helpers/test.ts';

/** Values of a chart by the name of their line. */
function linesOf(timeline: Timeline, title: string): Record<string, readonly number[]> {
  const chart = chartLoad(timeline).find((one) => one.title === title);
  return Object.fromEntries(chart?.series.map(({ name, values }) => [name, values]) ?? []);
}

test('chart has the most of each span, what it began with included, and ends with the last', () => {
  const timeline = new Timeline();
  for (const [elapsed, users] of [
    [0, 5],
    [50, 20],
    [250, 8],
    [260, 2],
    [450, 3],
    [460, 0],
  ])
    timeline.setUsers(elapsed, users);

  expect(linesOf(timeline, 'Users and connections')).toEqual({
    users: [20, 20, 20, 2, 0],
    connections: [0, 0, 0, 0, 0],
  });
});

withServer('chart of a run ends without users and connections', async ({ server }) => {
  const { run } = await runLoad(server.url, { vus: 2, duration: 250 }, async (vu) => {
    await vu.connect('/chat');
    await vu.stay('1h');
  });
  const { connections = [], users = [] } = linesOf(run.meter.timeline, 'Users and connections');

  expect([users[0], users.at(-1)]).toEqual([2, 0]);
  expect([Math.max(...connections), connections.at(-1)]).toEqual([2, 0]);
});
