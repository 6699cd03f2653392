// What is measured, and how fast it is meant to be.

/**
 * @typedef {object} Goal
 * @property {string} id
 * @property {string} title `{count}` stands for how many.
 * @property {string} figure What contenders report: `ms`, or bytes.
 * @property {string} unit Of the figure.
 * @property {'ratio' | 'extra' | 'value'} judged The median ratio to the baseline, what is added to it, or the figure.
 * @property {number} count
 * @property {string} [server] Below `servers`.
 * @property {string} [together] Below `contenders`: takes all contenders in turn, in one process.
 * @property {number} [rounds] Multiple of the rounds that were asked for.
 * @property {{ count: number, rounds?: number }} [short] The form in which `npm test` measures it.
 * @property {readonly Contender[]} contenders The first is the baseline.
 */

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {string} [file] Below `contenders`.
 * @property {readonly string[]} [execArgv] Of its process.
 * @property {string} [key] Its name in the figures of a goal measured together.
 * @property {number} [limit] The goal: at most this. Only ours have one.
 * @property {number} [gross] Ratio to the baseline beyond which the short form fails. Default: twice the limit.
 * @property {string} [peer] The package that it needs.
 * @property {number} [maxRounds] For what takes long to start.
 */

const raw = 'raw `ws`';
const gc = ['--expose-gc'];

/** @type {readonly Goal[]} */
export const goals = [
  {
    id: 'a',
    title: 'Receive {count} messages of 120 B into the buffer, every frame recorded',
    figure: 'ms',
    unit: 'ms',
    judged: 'ratio',
    count: 200_000,
    short: { count: 30_000 },
    server: 'flood.mjs',
    contenders: [
      { name: `${raw}, counts only`, file: 'receive/raw.mjs' },
      { name: 'playwright-ws', file: 'receive/ours.mjs', limit: 1.4 },
      { name: '`ws`, array of strings', file: 'receive/strings.mjs' },
      { name: 'undici, array of strings', file: 'receive/undici.mjs', peer: 'undici' },
      { name: 'k6/ws, counts only', file: 'receive/k6.mjs', peer: 'k6' },
      { name: 'superwstest, expectText', file: 'receive/superwstest.mjs', peer: 'superwstest', maxRounds: 3 },
    ],
  },
  {
    id: 'b',
    title: 'The same, each claimed by a JSON expectation',
    figure: 'ms',
    unit: 'ms',
    judged: 'ratio',
    count: 200_000,
    short: { count: 30_000 },
    server: 'flood.mjs',
    contenders: [
      { name: `${raw}, counts only`, file: 'receive/raw.mjs' },
      { name: 'playwright-ws, waitForMessage', file: 'claim/ours.mjs', limit: 4, gross: 25 },
      { name: '`ws`, JSON.parse', file: 'claim/parse.mjs' },
      { name: '`ws`, JSON.parse, zod', file: 'claim/zod.mjs' },
      { name: 'superwstest, expectJson', file: 'claim/superwstest.mjs', peer: 'superwstest', maxRounds: 3 },
    ],
  },
  {
    id: 'c',
    title: 'Wait in a Playwright test: from the arrival of the bytes to the line after `await`, median of {count}',
    figure: 'ms',
    unit: 'ms',
    judged: 'value',
    count: 60,
    server: 'later.mjs',
    together: 'latency/latency.spec.mjs',
    contenders: [
      { name: `${raw}, a promise a message`, key: 'raw' },
      { name: `${raw}, the same, and Playwright's expect on it`, key: 'assertion' },
      { name: 'playwright-ws, toReceiveMessage', key: 'matcher', limit: 0.2 },
      { name: 'playwright-ws, waitForMessage', key: 'wait', limit: 0.1 },
      { name: 'superwstest, expectJson', key: 'superwstest', peer: 'superwstest' },
      { name: '`ws`, expect.poll', key: 'poll' },
    ],
  },
  {
    id: 'd',
    title: '`request`: {count} round trips in sequence',
    figure: 'ms',
    unit: 'ms',
    judged: 'ratio',
    count: 10_000,
    short: { count: 1000 },
    server: 'echo.mjs',
    contenders: [
      { name: `${raw}, a promise a reply`, file: 'request/raw.mjs' },
      { name: 'playwright-ws, request', file: 'request/ours.mjs', limit: 1.05, gross: 3 },
      { name: 'undici, a promise a reply', file: 'request/undici.mjs', peer: 'undici' },
      { name: 'k6/ws', file: 'request/k6.mjs', peer: 'k6' },
      { name: 'superwstest, sendJson + expectJson', file: 'request/superwstest.mjs', peer: 'superwstest' },
      { name: 'Artillery, send + match', file: 'request/artillery.mjs', peer: 'artillery', maxRounds: 2 },
    ],
  },
  {
    id: 'e',
    title: 'Memory of {count} messages of 120 B, heap and buffers, per message',
    figure: 'bytes',
    unit: 'B',
    judged: 'value',
    count: 1_000_000,
    rounds: 0.6,
    server: 'flood.mjs',
    contenders: [
      { name: '`ws`, array of objects with strings', file: 'memory/strings.mjs', execArgv: gc },
      { name: 'playwright-ws', file: 'memory/ours.mjs', execArgv: gc, limit: 150 },
      { name: 'playwright-ws, older messages in a file', file: 'memory/spilled.mjs', execArgv: gc, limit: 25 },
      { name: '`ws`, array of JSON.parse', file: 'memory/parsed.mjs', execArgv: gc },
    ],
  },
  {
    id: 'f',
    title: 'Open and close {count} connections, 100 at a time',
    figure: 'ms',
    unit: 'ms',
    judged: 'ratio',
    count: 2000,
    short: { count: 300 },
    server: 'echo.mjs',
    contenders: [
      { name: raw, file: 'connections/raw.mjs' },
      { name: 'playwright-ws', file: 'connections/ours.mjs', limit: 1.1, gross: 2.5 },
      { name: 'undici', file: 'connections/undici.mjs', peer: 'undici' },
    ],
  },
  {
    id: 'f',
    title: 'Hold {count} idle connections: growth of the process per connection',
    figure: 'rssBytes',
    unit: 'B',
    judged: 'value',
    count: 9000,
    rounds: 0.4,
    server: 'echo.mjs',
    contenders: [
      { name: raw, file: 'idle/raw.mjs', execArgv: gc },
      { name: 'playwright-ws', file: 'idle/ours.mjs', execArgv: gc, limit: 10 * 1024 },
      { name: 'undici', file: 'idle/undici.mjs', execArgv: gc, peer: 'undici' },
    ],
  },
  {
    id: 'g',
    title: 'Import, behind `@playwright/test`, which the runner has loaded',
    figure: 'ms',
    unit: 'ms',
    judged: 'value',
    count: 1,
    rounds: 2,
    together: 'start-up/import.mjs',
    contenders: [
      { name: '@playwright/test itself', key: 'playwright' },
      { name: 'playwright-ws', key: 'ours', limit: 25 },
      { name: 'ws, zod', key: 'peers' },
    ],
  },
  {
    id: 'g',
    title: '{count} tests that ask for a fixture and connect nothing: per test',
    figure: 'ms',
    unit: 'ms',
    judged: 'extra',
    count: 200,
    contenders: [
      { name: 'an empty fixture', file: 'fixture/none.spec.mjs' },
      { name: 'playwright-ws, `ws`', file: 'fixture/ours.spec.mjs', limit: 0.5 },
    ],
  },
  {
    id: 'h',
    title: 'Write the evidence of {count} frames',
    figure: 'ms',
    unit: 'ms',
    judged: 'ratio',
    count: 100_000,
    rounds: 0.4,
    short: { count: 15_000, rounds: 1 },
    together: 'evidence/measure.mjs',
    contenders: [
      { name: 'JSON.stringify of each frame, nothing written', key: 'stringify' },
      { name: 'playwright-ws: page, lines, HAR and trace', key: 'all', limit: 3, gross: 20 },
      { name: 'page alone', key: 'html' },
      { name: 'lines alone', key: 'jsonl' },
      { name: 'HAR alone', key: 'har' },
      { name: 'trace alone', key: 'trace' },
      { name: 'all, no frame left out (not the default)', key: 'everyFrame' },
    ],
  },
  {
    id: 'h',
    title: '`websocket.html` of {count} frames of one connection, written and opened in Chromium',
    figure: 'ms',
    unit: 'ms',
    judged: 'value',
    count: 100_000,
    rounds: 0.4,
    together: 'evidence/page.mjs',
    contenders: [
      { name: 'JSON.stringify of each frame, nothing written', key: 'stringify' },
      { name: 'playwright-ws: written', key: 'written', limit: 1000 },
      { name: 'playwright-ws: opened, until the list shows its rows', key: 'opened', limit: 2000 },
      { name: 'opened: an empty page', key: 'empty' },
    ],
  },
  {
    id: 'i',
    title: 'Load: {count} users of one worker, each one request after the other: per request',
    figure: 'ms',
    unit: 'ms',
    judged: 'ratio',
    count: 100,
    server: 'echo.mjs',
    together: 'load/load.spec.mjs',
    contenders: [
      { name: `${raw}, a promise a reply`, key: 'rawRequests' },
      { name: 'playwright-ws, `ws.load`', key: 'requests' },
    ],
  },
  {
    id: 'i',
    title: 'Load: {count} users of one worker, each connects, asks once and leaves, 1,000 times: per visit',
    figure: 'ms',
    unit: 'ms',
    judged: 'ratio',
    count: 100,
    server: 'echo.mjs',
    together: 'load/load.spec.mjs',
    contenders: [
      { name: raw, key: 'rawVisits' },
      { name: 'playwright-ws, `ws.load`', key: 'visits' },
    ],
  },
];
