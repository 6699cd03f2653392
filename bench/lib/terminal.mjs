// Results as lines for the terminal, goal by goal.
import { judgedOf, isMet } from './verdict.mjs';

/**
 * @param {import('../goals.mjs').Goal} goal
 * @param {number} count
 */
export function headOf({ id, title }, count) {
  return `\n${id}  ${title.replace('{count}', count.toLocaleString('en'))}`;
}

/**
 * @param {import('./race.mjs').Result} result
 * @returns {string[]}
 */
export function linesOf({ failed, goal, missing, rows }) {
  return [
    ...rows.map((row) => lineOf(goal, row)),
    ...missing.map((name) => `   not here: ${name}`),
    ...failed.map((text) => `   failed: ${text}`),
  ];
}

function lineOf(goal, row) {
  const { contender, cpuRatio, extra, ratio, value } = row;
  const difference = goal.judged === 'extra' ? `+ ${numbers(extra, goal.unit)}` : '';
  return [
    `   ${contender.name.padEnd(46)}`,
    numbers(value, goal.unit).padEnd(28),
    `x ${numbers(ratio)}`.padEnd(22),
    (cpuRatio === undefined ? '' : `cpu x ${numbers(cpuRatio)}`).padEnd(26),
    difference,
    verdictOf(goal, row),
  ].join(' ');
}

function verdictOf(goal, row) {
  const met = isMet(goal, row);
  if (met === undefined) return '';
  return `${met ? 'met' : 'NOT MET'}: ${short(judgedOf(goal, row).median)} of ${row.contender.limit}`;
}

function numbers({ max, median, min }, unit = '') {
  return `${short(median)}${unit && ` ${unit}`} (${short(min)}-${short(max)})`;
}

/**
 * Three digits.
 *
 * @param {number} value
 */
export function short(value) {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
