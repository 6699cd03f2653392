// All formats of the evidence in turn, after JSON.stringify of the same frames; bench/evidence.mjs measures.
import { everyFrame, measure } from '../../evidence.mjs';
import { count, finish } from '../../lib/contender.mjs';

/** The short form has no time for it. */
const withEveryFrame = count >= 100_000;

const usual = await measure({ frames: count, rounds: 3 });
const figures = Object.entries(usual.formats).map(([name, { cpuMs, ms }]) => [name, { ms, cpuMs }]);
const stringify = { ms: usual.stringifyMs, cpuMs: usual.stringifyCpuMs };
finish({ stringify, ...Object.fromEntries(figures), ...(await uncut()) });

async function uncut() {
  if (!withEveryFrame) return {};
  const { formats } = await measure({ frames: count, rounds: 2, limits: everyFrame });
  // By its own stringify, which ran in another moment.
  return { everyFrame: { ms: formats.all.ratio * usual.stringifyMs } };
}
