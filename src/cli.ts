#!/usr/bin/env node
import { readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { errorMessage } from './support/errors.ts';
import { writeK6Script } from './transcript/k6-script.ts';
import { readRecording } from './transcript/recording-file.ts';

const usage = `Usage: npx playwright-ws export-k6 <recording> [--out <script.js>]

Turns the recorded WebSockets of a test into a script for k6.

  <recording>  the websocket.jsonl or the websocket.html of a test; - reads it from the standard input
  --out        where to write the script; the standard output without it
`;

void main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  try {
    await run(args);
  } catch (error) {
    process.stderr.write(`${errorMessage(error)}\n`);
    process.exitCode = 1;
  }
}

async function run(args: readonly string[]): Promise<void> {
  const options = { out: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
  const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [command, file, ...others] = positionals;
  if (values.help === true) return void process.stdout.write(usage);
  if (command !== 'export-k6' || file === undefined || others.length > 0) {
    const found = command === undefined || command === 'export-k6' ? '' : `There is no command "${command}".\n\n`;
    throw new Error(`${found}${usage}`);
  }
  const { notes, script } = writeK6Script(readRecording(file, await contentOf(file)));
  if (values.out === undefined) process.stdout.write(script);
  else write(values.out, script);
  for (const note of notes) process.stderr.write(`Note: ${note}\n`);
}

function write(file: string, script: string): void {
  try {
    writeFileSync(file, script);
  } catch (cause) {
    throw new Error(`Cannot write "${file}": ${reasonOf(cause, 'there is no such folder')}`, { cause });
  }
}

async function contentOf(file: string): Promise<string> {
  if (file === '-') return await text(process.stdin);
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`Cannot read "${file}": ${reasonOf(cause, 'there is no such file')}`, { cause });
  }
}

function reasonOf(cause: unknown, missing: string): string {
  const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  return isMissing ? missing : errorMessage(cause);
}
