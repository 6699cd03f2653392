// npm run reliability: writes docs/reliability.md from the results of tests/faults.
// With --check <results.json> it only compares, with the results of a whole run.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, run, say, tool } from './process.mjs';

/** @typedef {{ stage: string, fault: string, gets: Record<string, unknown>, findings: string[], within: string }} Row */
/** @typedef {{ status: string, attachments?: { name: string, body?: string }[] }} Result */
/** @typedef {{ file: string, line: number, tests: { results: Result[] }[] }} Spec */
/** @typedef {{ title: string, file: string, line: number, suites?: Suite[], specs?: Spec[] }} Suite */

const committed = join(root, 'docs', 'reliability.md');
const stages = ['Opening', 'Open', 'Closing', 'The test around it', 'The machine'];
/** Characters of a line: what is longer is the payload of somebody. */
const longestLine = 200;

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));

/** @param {readonly string[]} args */
async function main([mode, file]) {
  if (mode === '--check') {
    const complaint = checkReliability(readFileSync(file, 'utf8'));
    if (complaint !== undefined) say(complaint);
    return complaint === undefined ? 0 : 1;
  }
  const json = await runFaults();
  if (json === undefined) return 1;
  writeFileSync(committed, documentOf(json));
  return 0;
}

/**
 * What is wrong with docs/reliability.md, compared with the results of a run; `undefined` when nothing is.
 *
 * @param {string} json Playwright's JSON report.
 * @returns {string | undefined}
 */
export function checkReliability(json) {
  // A row that this machine cannot show says nothing about the page.
  if (JSON.parse(json).suites.flatMap(specsOf).some(isSkippedRow)) return undefined;
  const before = existsSync(committed) ? readFileSync(committed, 'utf8').split('\n') : [];
  const after = documentOf(json).split('\n');
  const lost = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`);
  const come = after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
  if (before.join('\n') === after.join('\n')) return undefined;
  const changes = [...lost, ...come].join('\n');
  return `docs/reliability.md does not say what tests/faults show: run "npm run reliability" and commit it.\n\n${changes}`;
}

/** Runs tests/faults; `undefined` when one of them failed. */
async function runFaults() {
  const results = join(root, 'temp', `faults-${process.pid}.json`);
  mkdirSync(join(root, 'temp'), { recursive: true });
  const { code } = await run(tool('playwright', ['test', 'tests/faults', '--retries=1']), {
    show: true,
    env: { RESULTS_FILE: results },
  });
  const json = existsSync(results) ? readFileSync(results, 'utf8') : undefined;
  rmSync(results, { force: true });
  return code === 0 ? json : undefined;
}

/**
 * The page for a run.
 *
 * @param {string} json Playwright's JSON report.
 */
function documentOf(json) {
  const rows = rowsOf(JSON.parse(json).suites);
  return `${[introduction(rows.length), ...stages.map((stage) => section(stage, rows))].filter((part) => part !== '').join('\n\n')}\n`;
}

/** @param {number} count */
function introduction(count) {
  return `# Reliability

What a user of the package gets when something goes wrong: ${count} faults, each a test in \`tests/faults\` that lets it happen
on a real socket and compares everything said here. Written from their results by \`npm run reliability\`.

- **Messages are whole.** Ports are \`PORT\`, times \`N ms\`, lines \`LINE\`; long lines are cut here. Codes are explained in
  [errors.md](errors.md).
- **Within** is what ends the wait. "At once" is the turn in which the fault is seen; no row waits for more than it says.
- **Nothing is left.** After each row no connection is held by a server, and no socket, timer, listener, open file or
  child process of the row is there any more; where a row is a whole run, its workers have ended. The end of the test
  reports nothing but what a row says under *end of test*.`;
}

/**
 * @param {string} stage
 * @param {readonly Row[]} all
 */
function section(stage, all) {
  const rows = all.filter((row) => row.stage === stage).map(tableRow);
  if (rows.length === 0) return '';
  return [`## ${stage}`, '', '| fault | what you get | within |', '|---|---|---|', ...rows].join('\n');
}

/** @param {Row} row */
function tableRow({ fault, gets, findings, within }) {
  const places = Object.entries(gets).map(([place, what]) => `\`${place}\`: ${described(what)}`);
  const end = findings.length === 0 ? [] : [`*end of test*: ${findings.map(inCode).join('<br>')}`];
  return `| ${cell(fault)} | ${cell([...places, ...end].join('<br>'))} | ${cell(within)} |`;
}

/** @param {unknown} what @returns {string} */
function described(what) {
  if (typeof what !== 'object' || what === null) return inCode(String(what));
  if (Array.isArray(what)) return what.map(described).join('<br>');
  const { error, code: errorCode, message, wasClean, by, reason, ...others } = Object(what);
  if (typeof message === 'string') {
    const name = errorCode === undefined ? `\`${error}\`` : `\`${error}\` \`${errorCode}\``;
    return `${name}<br>${inCode(message)}`;
  }
  if (typeof by === 'string') {
    return `${errorCode}${reason === '' ? '' : ` ${inCode(`"${reason}"`)}`}, ${wasClean ? 'clean' : 'not clean'}, by the ${by}`;
  }
  return inCode(JSON.stringify({ ...what, ...others }));
}

/** Lines as code. @param {string} text */
function inCode(text) {
  return text.split('\n').map(codeLine).join('<br>');
}

/** @param {string} line */
function codeLine(line) {
  const shown = line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line;
  const indent = '&nbsp;'.repeat(shown.length - shown.trimStart().length);
  const fence = shown.includes('`') ? '``' : '`';
  const text = shown.trim();
  if (text === '') return '';
  return fence.length === 1 ? `${indent}\`${text}\`` : `${indent}\`\` ${text} \`\``;
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', '<br>');
}

/**
 * The rows of a run, in the order of their files and lines.
 *
 * @param {readonly Suite[]} suites
 * @returns {Row[]}
 */
function rowsOf(suites) {
  const specs = suites.flatMap(specsOf);
  const found = specs.flatMap(({ file, line, tests }) => {
    const attachments = tests.flatMap(({ results }) => results.at(-1)?.attachments ?? []);
    const rows = attachments.filter(({ name, body }) => name === 'fault' && body !== undefined);
    return rows.map(({ body = '' }) => ({ file, line, row: JSON.parse(Buffer.from(body, 'base64').toString('utf8')) }));
  });
  found.sort((a, b) => a.file.localeCompare(b.file, 'en') || a.line - b.line);
  return found.map(({ row }) => row);
}

/** @param {Spec} spec */
function isSkippedRow({ file, tests }) {
  return /(^|\/)faults\//.test(file) && tests.some(({ results }) => results.some(({ status }) => status === 'skipped'));
}

/** @param {Suite} suite @returns {Spec[]} */
function specsOf({ specs = [], suites = [] }) {
  return [...specs, ...suites.flatMap(specsOf)];
}
