import { expect, type TestInfo } from '@playwright/test';
import type { CloseInfo, ErrorCode } from '../../src/support/errors.ts';
import { Leftovers } from './leftovers.ts';
import { Scene } from './scene.ts';

// The fault matrix: each row is a test, and a row of docs/reliability.md (scripts/reliability.mjs).

export type Stage = 'Opening' | 'Open' | 'Closing' | 'The test around it' | 'The machine';

/** An error as a row states it. */
export interface StatedError {
  /** `HandshakeError`, `WaitTimeoutError`, … */
  readonly error: string;
  readonly code: ErrorCode | undefined;
  /** Whole, ports as `PORT`. */
  readonly message: string;
}

/** What the user gets at one place: an error, how a connection closed, or what anything else is as JSON. */
export type Stated =
  | StatedError
  | CloseInfo
  | string
  | number
  | boolean
  | readonly unknown[]
  | Readonly<Record<string, unknown>>;

/** How soon, in words, and the hard limit after which the row fails. */
export interface Bound {
  readonly words: string;
  /** Milliseconds; generous, since the machine may be busy. */
  readonly limit: number;
}

export interface FaultRow {
  readonly stage: Stage;
  /** What the server, the network, the test or the machine does. */
  readonly fault: string;
  /** What the user gets, by the place at which it comes: `connect`, `waitForMessage`, `closed`, … */
  readonly gets: Readonly<Record<string, Stated>>;
  /** What fails the test at its end, in order; `… (3 times)` for the same. Default: nothing. */
  readonly findings?: readonly string[];
  readonly within: Bound;
  /** Makes texts comparable. Default: ports become `PORT`. */
  readonly steady?: (text: string) => string;
}

/** Far above what a busy machine needs, below the default `timeout` and the test's own time. */
const slackMs = 5000;

/** Nothing is waited for: the event itself ends it. */
export const atOnce: Bound = { words: 'at once', limit: slackMs };

/** Within a limit that the user sets or that has a default: `timeout`, `closeTimeout + 250 ms`. */
export function within(words: string, ms: number): Bound {
  return { words, limit: ms + slackMs };
}

/** An error of ours; its message line by line. */
export function stated(error: string, code: ErrorCode, ...lines: readonly string[]): StatedError {
  return { error, code, message: lines.join('\n') };
}

/**
 * One row, as arguments of `test`: `test(...fault({ … }, async ({ ws }) => { … }))`. Lets the fault happen, then ends the
 * test as the fixture ends it. The row fails when something else came, when it took longer than its bound, and when anything is left:
 * a connection that a server still holds, a socket, timer, listener, open file or child process.
 */
export function fault(row: FaultRow, happen: Happen): [title: string, body: TestBody] {
  const { steady = withoutPorts } = row;
  const body: TestBody = async ({}, testInfo) => {
    const leftovers = new Leftovers();
    const scene = leftovers.watch(() => new Scene(leftovers));
    try {
      const { came, findings } = await leftovers.watch(() => inTime(row, () => play(scene, happen)));
      expect(steadied(came, row)).toEqual(row.gets);
      expect(counted(findings.map((text) => steady(text)))).toEqual(row.findings ?? []);
      expect(await scene.leftOpen(), 'connections that a server still holds').toBe(0);
      await scene.stop();
      expect(await leftovers.find(), 'what is left').toEqual([]);
    } finally {
      await scene.stop();
      leftovers.stop();
    }
    await record(testInfo, row);
  };
  return [`${row.stage}: ${row.fault}`, body];
}

/** Adds a row to the docs from a test that shows it in another way: a whole run, a child process. */
export async function record(testInfo: TestInfo, { stage, fault: title, ...row }: FaultRow): Promise<void> {
  const { gets, findings = [] } = row;
  const body = JSON.stringify({ stage, fault: title, gets, findings, within: row.within.words });
  await testInfo.attach('fault', { contentType: 'application/json', body });
}

/** Lets the fault happen; what came of it, with the labels of `gets`. */
export type Happen = (scene: Scene) => Promise<Readonly<Record<string, unknown>>>;

type TestBody = (fixtures: object, testInfo: TestInfo) => Promise<void>;

interface Played {
  readonly came: Readonly<Record<string, unknown>>;
  readonly findings: readonly string[];
}

async function play(
  scene: Scene,
  happen: (scene: Scene) => Promise<Readonly<Record<string, unknown>>>,
): Promise<Played> {
  return { came: await happen(scene), findings: await scene.end() };
}

async function inTime<T>({ within: { words, limit } }: FaultRow, run: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Expected within ${words}, and did not end in ${limit} ms`)), limit);
  });
  try {
    return await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Those that are the same as one, with their number. */
function counted(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, count]) => (count === 1 ? text : `${text} (${count} times)`));
}

/** What came, as rows state it. */
function steadied(came: unknown, { steady = withoutPorts }: Pick<FaultRow, 'steady'>): unknown {
  if (came instanceof Error) {
    const code = 'code' in came ? came.code : undefined;
    return { error: came.name, code, message: steady(came.message) };
  }
  if (typeof came === 'string') return steady(came);
  if (Array.isArray(came)) return came.map((one: unknown) => steadied(one, { steady }));
  if (typeof came !== 'object' || came === null) return came;
  return Object.fromEntries(Object.entries(came).map(([label, one]) => [label, steadied(one, { steady })]));
}

/** What `steady` is by default: ports become `PORT`. */
export function withoutPorts(text: string): string {
  return text.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT');
}
