// Contenders in turn, A B C A B C, each in a fresh process; a ratio is that of two runs of the same round.
import { runSpec } from './host.mjs';
import { ensurePeer } from './peers.mjs';
import { runContender, startServer } from './processes.mjs';
import { spread } from './statistics.mjs';

/**
 * @typedef {import('../goals.mjs').Goal} Goal
 * @typedef {import('../goals.mjs').Contender} Contender
 * @typedef {import('./statistics.mjs').Spread} Spread
 * @typedef {{ contender: Contender, value: Spread, ratio: Spread, extra: Spread, cpuRatio?: Spread }} Row
 * @typedef {{ goal: Goal, count: number, rounds: number, rows: Row[], missing: string[], failed: string[] }} Result
 * @typedef {Record<string, number>} Figures
 */

/**
 * @param {Goal} goal
 * @param {{ rounds: number, count: number, beside: 'all' | 'own' | 'baseline' }} options Who takes part beside ours: all,
 *   those that need no other package, or the baseline alone.
 * @returns {Promise<Result>}
 */
export async function race(goal, { beside, count, rounds }) {
  const { missing, present } = await presentOf(goal.contenders, beside);
  const server = goal.server === undefined ? undefined : await startServer(goal.server, [count]);
  try {
    // The short form looks for gross regressions only.
    const settings = { contenders: present, count, isWarmedUp: beside !== 'baseline', rounds, url: server?.url ?? '' };
    const {
      absent = [],
      failed,
      runs,
    } = goal.together === undefined ? await collect(settings) : await collectTogether(goal, settings);
    const [baseline = []] = runs.values();
    const rows = Array.from(runs, ([contender, figures]) => rowOf(contender, figures, { key: goal.figure, baseline }));
    return { goal, count, rounds, rows, missing: [...missing, ...absent], failed };
  } finally {
    server?.stop();
  }
}

/** Peers are installed when they are missing. */
async function presentOf(contenders, beside) {
  const [present, missing] = [[], []];
  for (const [index, contender] of contenders.entries()) {
    if (beside === 'baseline' && index > 0 && contender.limit === undefined) continue;
    const isThere = contender.peer === undefined || (beside === 'all' && (await ensurePeer(contender.peer)));
    if (isThere) present.push(contender);
    else missing.push(contender.name);
  }
  return { present, missing };
}

/** A contender that fails is left out from then on, and named. Without the baseline there is nothing to compare with. */
async function collect({ contenders, count, isWarmedUp, rounds, url }) {
  const runs = new Map(contenders.map((contender) => [contender, []]));
  const failed = [];
  const runOrLeaveOut = async (contender) => {
    try {
      runs.get(contender).push(await runOne(contender, url, count));
    } catch (error) {
      if (contender === contenders[0]) throw error;
      failed.push(`${contender.name}: ${error.message.trim()}`);
      runs.delete(contender);
    }
  };
  if (isWarmedUp) await runOne(contenders[0], url, count); // the server and the disk's cache
  for (let round = 0; round < rounds; round++) {
    const present = contenders.filter((contender) => runs.has(contender) && round < (contender.maxRounds ?? rounds));
    for (const contender of present) await runOrLeaveOut(contender);
  }
  return { runs, failed };
}

/** One process takes all contenders in turn and names each by its `key`. */
async function collectTogether({ together }, { contenders, count, rounds, url }) {
  const written = [];
  if (together.endsWith('.spec.mjs')) written.push(...(await runSpec(together, { count, rounds, url })));
  else for (let round = 0; round < rounds; round++) written.push(await runContender(together, [url, count]));
  const found = contenders.filter(({ key }) => written.every((figures) => key in figures));
  const runs = new Map(found.map((contender) => [contender, written.map((all) => all[contender.key])]));
  return { runs, absent: reasonsOf(written[0], contenders), failed: [] };
}

/** What the process says about contenders that it could not measure. */
function reasonsOf({ missing = {} }, contenders) {
  return contenders.flatMap(({ key, name }) => (key in missing ? [`${name} (${missing[key]})`] : []));
}

/** @returns {Promise<Figures>} */
async function runOne({ execArgv, file }, url, count) {
  if (!file.endsWith('.spec.mjs')) return runContender(file, [url, count], { execArgv });
  const [figures] = await runSpec(file, { count });
  return figures;
}

function rowOf(contender, runs, { baseline, key }) {
  const each = (compare) => spread(runs.map((figures, round) => compare(figures, baseline[round])));
  const row = {
    contender,
    value: each((figures) => figures[key]),
    ratio: each((figures, base) => figures[key] / base[key]),
    extra: each((figures, base) => figures[key] - base[key]),
  };
  const hasCpu = runs.every(({ cpuMs }) => cpuMs !== undefined) && baseline[0].cpuMs !== undefined;
  return hasCpu ? { ...row, cpuRatio: each((figures, base) => figures.cpuMs / base.cpuMs) } : row;
}
