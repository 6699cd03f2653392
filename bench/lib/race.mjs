// Contenders in turn, A B C A B C, each in a fresh process; a ratio is that of two runs of the same round.
import { ensurePeer } from './peers.mjs';
import { runContender, startServer } from './processes.mjs';
import { spread } from './statistics.mjs';

/**
 * @typedef {{ name: string, file?: string, peer?: string, run?: Function, isOurs?: boolean }} Contender
 * @typedef {{ name: string, isOurs: boolean, ms: Spread, cpuMs: Spread, ratio: Spread, cpuRatio: Spread }} Row
 * @typedef {{ median: number, min: number, max: number }} Spread
 */

/**
 * @param {{ contenders: readonly Contender[], server: string, count: number }} goal The first contender is the baseline.
 * @param {{ rounds: number, peers: boolean, count: number }} options
 * @returns {Promise<{ rows: Row[], missing: string[] }>}
 */
export async function race({ contenders, server }, { count, peers, rounds }) {
  const { present, missing } = await presentOf(contenders, peers);
  const { stop, url } = await startServer(server, [count]);
  try {
    const runs = present.map(() => []);
    await runOne(present[0], url, count); // warms the server up
    for (let round = 0; round < rounds; round++) {
      for (const [index, contender] of present.entries()) runs[index].push(await runOne(contender, url, count));
    }
    return { rows: present.map((contender, index) => rowOf(contender, runs[index], runs[0])), missing };
  } finally {
    stop();
  }
}

async function presentOf(contenders, peers) {
  const present = [];
  const missing = [];
  for (const contender of contenders) {
    if (contender.peer === undefined) present.push(contender);
    else if (peers && (await ensurePeer(contender.peer))) present.push(contender);
    else missing.push(contender.name);
  }
  return { present, missing };
}

function runOne({ file, run }, url, count) {
  return run === undefined ? runContender(file, [url, count]) : run(url, count);
}

function rowOf({ name, isOurs = false }, runs, baseline) {
  const column = (key) => runs.map((figures) => figures[key]);
  const ratios = (key) => runs.map((figures, round) => figures[key] / baseline[round][key]);
  return {
    name,
    isOurs,
    ms: spread(column('ms')),
    cpuMs: spread(column('cpuMs')),
    ratio: spread(ratios('ms')),
    cpuRatio: spread(ratios('cpuMs')),
  };
}
