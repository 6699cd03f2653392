// npm run bench: the goals of performance, side by side with raw `ws` and with other tools.
//   node bench/run.mjs                      all goals
//   node bench/run.mjs a b --rounds 5       some of them
//   --no-peers        leaves out what has to be installed
//   --src             measures src as it is, bundled without a check of types
//   --dist <folder>   measures another build
import { goals } from './goals.mjs';
import { preparePackage } from './lib/package.mjs';
import { race } from './lib/race.mjs';

const { wanted, options } = readArguments(process.argv.slice(2));

await preparePackage(options);
for (const goal of goals.filter(({ id }) => wanted.length === 0 || wanted.includes(id))) {
  console.log(`\n${goal.id}  ${goal.title} (at most ${goal.limit} x)`);
  const { missing, rows } = await race(goal, { count: goal.count, ...options });
  for (const row of rows) console.log(lineOf(row));
  if (missing.length > 0) console.log(`   not here: ${missing.join(', ')}`);
}

function lineOf({ cpuRatio, ms, name, ratio }) {
  const times = `${ms.median.toFixed(0).padStart(6)} ms (${ms.min.toFixed(0)}-${ms.max.toFixed(0)})`;
  const text = ({ max, median, min }) => `x ${median.toFixed(2)} (${min.toFixed(2)}-${max.toFixed(2)})`;
  return `   ${name.padEnd(36)} ${times.padEnd(24)} ${text(ratio).padEnd(22)} cpu ${text(cpuRatio)}`;
}

function readArguments(args) {
  const found = { wanted: [], options: { rounds: 5, peers: true } };
  while (args.length > 0) {
    const argument = args.shift();
    if (argument === '--rounds') found.options.rounds = Number(args.shift());
    else if (argument === '--count') found.options.count = Number(args.shift());
    else if (argument === '--dist') found.options.dist = args.shift();
    else if (argument === '--src') found.options.fromSource = true;
    else if (argument === '--no-peers') found.options.peers = false;
    else if (/^[a-h]$/.test(argument)) found.wanted.push(argument);
    else throw new Error(`Cannot use the argument "${argument}"`);
  }
  return found;
}
