// npm run bench: the goals of performance, side by side with raw `ws` and with other tools.
//   node bench/run.mjs                      all goals; writes docs/performance.md
//   node bench/run.mjs a b --rounds 5       some of them; writes nothing
//   node bench/run.mjs --short              less of everything; fails only when a ratio is far beyond its goal
//   --no-peers        leaves out what has to be installed
//   --count 50000     instead of the goal's own
//   --src             measures src as it is, bundled without a check of types
//   --dist <folder>   measures another build
import { goals } from './goals.mjs';
import { goalsText, writeBlock } from './lib/document.mjs';
import { preparePackage } from './lib/package.mjs';
import { race } from './lib/race.mjs';
import { headOf, linesOf } from './lib/terminal.mjs';
import { grossRegressions } from './lib/verdict.mjs';

const { options, wanted } = readArguments(process.argv.slice(2));
const started = performance.now();
const isWhole = wanted.length === 0 && !options.short;

await preparePackage(options);
const results = [];
for (const goal of goals.filter(({ id, short }) => (options.short ? short !== undefined : isWanted(id)))) {
  const settings = settingsOf(goal);
  console.log(headOf(goal, settings.count));
  const result = await race(goal, settings);
  results.push(result);
  for (const line of linesOf(result)) console.log(line);
}
console.log(`\n${((performance.now() - started) / 1000).toFixed(0)} s`);
if (isWhole) writeBlock('goals', goalsText(results));
if (options.short) fail(results.flatMap(grossRegressions));

/** @param {string} id */
function isWanted(id) {
  return wanted.length === 0 || wanted.includes(id);
}

/** @param {import('./goals.mjs').Goal} goal */
function settingsOf({ count, rounds = 1, short }) {
  if (options.short) return { count: short.count, rounds: short.rounds ?? options.rounds, beside: 'baseline' };
  const beside = options.peers ? 'all' : 'own';
  return { count: options.count ?? count, rounds: Math.max(1, Math.round(options.rounds * rounds)), beside };
}

/** @param {readonly string[]} regressions */
function fail(regressions) {
  if (regressions.length === 0) return;
  console.log(`Slower than it may be:\n${regressions.join('\n')}`);
  process.exitCode = 1;
}

/** @param {string[]} args */
function readArguments(args) {
  const found = { peers: true, short: false, fromSource: false, count: undefined, dist: undefined, rounds: undefined };
  const ids = [];
  while (args.length > 0) {
    const argument = args.shift();
    if (argument === '--rounds') found.rounds = numberOf(argument, args.shift());
    else if (argument === '--count') found.count = numberOf(argument, args.shift());
    else if (argument === '--dist') found.dist = args.shift();
    else if (argument === '--src') found.fromSource = true;
    else if (argument === '--short') found.short = true;
    else if (argument === '--no-peers') found.peers = false;
    else if (goals.some(({ id }) => id === argument)) ids.push(argument);
    else throw new Error(`Cannot use the argument "${argument}": expected a goal or an option of bench/run.mjs`);
  }
  return { wanted: ids, options: { ...found, rounds: found.rounds ?? (found.short ? 1 : 5) } };
}

/**
 * @param {string} option
 * @param {string | undefined} text
 */
function numberOf(option, text) {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`Cannot use ${option} ${text ?? ''}: expected a whole number of at least 1`);
}
