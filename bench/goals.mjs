// What is measured, and how fast it is meant to be. The first contender of a goal is its baseline.
export const goals = [
  {
    id: 'a',
    title: 'Receive 200,000 messages of 120 B into the buffer, every frame recorded',
    limit: 1.4,
    count: 200_000,
    server: 'flood.mjs',
    contenders: [
      { name: 'raw `ws`, counts only', file: 'receive/raw.mjs' },
      { name: 'playwright-ws', file: 'receive/ours.mjs', isOurs: true },
      { name: '`ws` + array of strings', file: 'receive/strings.mjs' },
      { name: 'superwstest', file: 'receive/superwstest.mjs', peer: 'superwstest' },
    ],
  },
  {
    id: 'b',
    title: 'The same, each claimed by a JSON expectation',
    limit: 4,
    count: 200_000,
    server: 'flood.mjs',
    contenders: [
      { name: 'raw `ws`, counts only', file: 'receive/raw.mjs' },
      { name: 'playwright-ws, waitForMessage', file: 'claim/ours.mjs', isOurs: true },
      { name: '`ws` + JSON.parse', file: 'claim/parse.mjs' },
      { name: '`ws` + JSON.parse + zod', file: 'claim/zod.mjs' },
      { name: 'superwstest, expectJson', file: 'claim/superwstest.mjs', peer: 'superwstest' },
    ],
  },
  {
    id: 'd',
    title: '`request`: 10,000 round trips in sequence',
    limit: 1.05,
    count: 10_000,
    server: 'echo.mjs',
    contenders: [
      { name: 'raw `ws`, a promise a reply', file: 'request/raw.mjs' },
      { name: 'playwright-ws, request', file: 'request/ours.mjs', isOurs: true },
      { name: 'superwstest', file: 'request/superwstest.mjs', peer: 'superwstest' },
    ],
  },
];
