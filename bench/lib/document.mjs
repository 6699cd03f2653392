// Writes measurements into docs/performance.md, between the two comments of their block. The rest is written by hand.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/process.mjs';
import { machine, versions } from './machine.mjs';
import { isPinned } from './processes.mjs';
import { short } from './terminal.mjs';
import { isMet, judgedOf } from './verdict.mjs';

const file = join(root, 'docs', 'performance.md');

/**
 * Replaces what is between `<!-- name: begin -->` and `<!-- name: end -->`; adds both at the end when they are missing.
 *
 * @param {string} name
 * @param {string} text
 */
export function writeBlock(name, text) {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const block = `${begin}\n\n${text.trim()}\n\n${end}`;
  const [from, to] = [old.indexOf(begin), old.indexOf(end)];
  if (from < 0 || to < 0) writeFileSync(file, `${old.trimEnd()}\n\n${block}\n`);
  else writeFileSync(file, old.slice(0, from) + block + old.slice(to + end.length));
}

/** @param {readonly import('./race.mjs').Result[]} results */
export function goalsText(results) {
  return [overview(results), conditions(results), ...results.map(section)].join('\n\n');
}

function overview(results) {
  const rows = results.flatMap(({ count, goal, rows: [baseline, ...others] }) =>
    others
      .filter(({ contender }) => contender.limit !== undefined)
      .map((row) => [
        goal.id,
        titleOf(goal, count),
        row.contender.name,
        baseline.contender.name,
        wanted(goal, row.contender.limit),
        withSpread(goal, judgedOf(goal, row)),
        isMet(goal, row) ? 'yes' : '**no**',
      ]),
  );
  const failed = results.flatMap(({ failed: texts }) => texts.map((text) => `- Not measured: ${text.split('\n')[0]}`));
  const header = ['', 'what', 'ours', 'beside', 'at most', 'measured: median (min-max)', 'met'];
  return [table(header, rows), ...failed].join('\n');
}

function conditions(results) {
  const rounds = Math.max(...results.map((result) => result.rounds));
  const pinned = isPinned ? 'servers bound to one processor, clients to another' : 'processes not bound to processors';
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)}: ${machine()}; ${pinned}; up to ${rounds} rounds a goal.`,
    `Versions: ${versions()}.`,
  ].join('\n\n');
}

function section({ count, goal, missing, rows }) {
  const hasExtra = goal.judged === 'extra';
  const header = ['', `median, ${goal.unit}`, 'min-max', hasExtra ? `added, ${goal.unit}` : 'ratio', 'CPU time, ratio'];
  const lines = rows.map(({ contender, cpuRatio, extra, ratio, value }) => [
    contender.limit === undefined ? contender.name : `**${contender.name}**`,
    short(value.median),
    `${short(value.min)}-${short(value.max)}`,
    hasExtra ? numbers(extra) : numbers(ratio),
    cpuRatio === undefined ? '' : numbers(cpuRatio),
  ]);
  const absent = missing.length > 0 ? `\n\nNot on this machine: ${missing.join(', ')}.` : '';
  return `### ${goal.id}. ${titleOf(goal, count)}\n\n${table(header, lines)}${absent}`;
}

function titleOf({ title }, count) {
  return title.replace('{count}', count.toLocaleString('en'));
}

function wanted({ judged, unit }, limit) {
  if (judged === 'ratio') return `${limit} x`;
  return `${judged === 'extra' ? '+ ' : ''}${limit.toLocaleString('en')} ${unit}`;
}

function withSpread({ judged, unit }, spread) {
  return judged === 'ratio' ? `${numbers(spread)} x` : `${numbers(spread)} ${unit}`;
}

function numbers({ max, median, min }) {
  return `${short(median)} (${short(min)}-${short(max)})`;
}

/**
 * @param {readonly string[]} header
 * @param {readonly (readonly string[])[]} rows
 */
function table(header, rows) {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
