import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../examples/server/start.js', import.meta.url));

/** The example application in a process of its own. */
export interface ExampleServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Ends it as `kill` does, and resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts the example application on a free port, and resolves when it has printed its URL. */
export async function startExampleServer(): Promise<ExampleServer> {
  const child = spawn(process.execPath, [program, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { url: await printedUrl(child.stdout), stop: () => stop(child) };
}

async function printedUrl(stdout: Readable): Promise<string> {
  for await (const line of createInterface(stdout)) {
    const url = /http:\/\/\S+/.exec(line)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error('Cannot start the example server: it ended without printing its URL');
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill();
  await exited;
  return child.exitCode;
}
