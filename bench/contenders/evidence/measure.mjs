// All formats of the evidence in turn, after JSON.stringify of the same frames; bench/evidence.mjs measures.
import { everyFrame, measure } from '../../evidence.mjs';
import { count, finish } from '../../lib/contender.mjs';

const usual = await measure({ frames: count, rounds: 3 });
const whole = await measure({ frames: count, rounds: 2, limits: everyFrame });
const names = Object.entries(usual.formats).map(([name, { ms }]) => [name, { ms }]);
finish({
  stringify: { ms: usual.stringifyMs },
  ...Object.fromEntries(names),
  // Its own stringify was measured in another moment.
  everyFrame: { ms: whole.formats.all.ratio * usual.stringifyMs },
});
