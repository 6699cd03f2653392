import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { getEventListeners } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { WebSocket } from 'ws';

const require = createRequire(import.meta.url);

/** What holds on to something of the machine until somebody ends it, by the names of `async_hooks`. */
const heldTypes: ReadonlyMap<string, string> = new Map([
  ['Timeout', 'a timer'],
  ['TCPWRAP', 'a TCP socket'],
  ['TCPSERVERWRAP', 'a TCP server'],
  ['PIPEWRAP', 'a pipe'],
  ['UDPWRAP', 'a UDP socket'],
  ['PROCESSWRAP', 'a child process'],
  ['WORKER', 'a worker thread'],
  ['FSEVENTWRAP', 'a file watcher'],
  ['GETADDRINFOREQWRAP', 'a DNS look-up'],
]);

/** Node.js keeps the text of the current date for a second. */
const ownTimers = /node:internal\/http:/;

/** 2 s: what ends, ends in some turns of the event loop; only what was left open takes so long. */
const goneTimeoutMs = 2000;

/** Watches what a piece of code takes of the machine, and tells what of it is still there. */
export class Leftovers {
  readonly #inside = new AsyncLocalStorage<true>();
  readonly #held = new Map<number, Held>();
  readonly #signals: AbortSignal[] = [];
  readonly #sockets: WebSocket[] = [];
  readonly #filesBefore = openFiles();
  readonly #listenersBefore = processListeners();
  readonly #unwatch: () => void;
  readonly #hook = createHook({
    init: (id, type) => this.#made(id, type),
    destroy: (id) => this.#held.delete(id),
  });

  constructor() {
    this.#hook.enable();
    this.#unwatch = watchWebSockets((socket) => {
      if (this.#inside.getStore() === true) this.#sockets.push(socket);
    });
  }

  /** Runs code whose timers, sockets and processes are watched, those of what it calls included. */
  watch<T>(run: () => T): T {
    return this.#inside.run(true, run);
  }

  /** Listeners of this signal are watched too. */
  watchSignal(signal: AbortSignal): void {
    this.#signals.push(signal);
  }

  /** What is left, a line each, after time enough for what is about to end, in milliseconds. */
  async find(patience: number = goneTimeoutMs): Promise<string[]> {
    const deadline = performance.now() + patience;
    while (this.#left().length > 0 && performance.now() < deadline) await turn();
    return this.#left();
  }

  /** Must be called. */
  stop(): void {
    this.#hook.disable();
    this.#unwatch();
  }

  #made(id: number, type: string): void {
    const name = heldTypes.get(type);
    if (name !== undefined && this.#inside.getStore() === true) this.#held.set(id, { name, made: new Error() });
  }

  #left(): string[] {
    const listeners = this.#signals.flatMap((signal) => getEventListeners(signal, 'abort'));
    return [
      ...[...this.#held.values()].flatMap(describeHeld),
      ...openFiles()
        .filter((file) => !this.#filesBefore.includes(file))
        .map((file) => `the open file ${file}`),
      ...processListeners().filter((one) => !this.#listenersBefore.includes(one)),
      ...listeners.map(() => 'a listener of an abort signal'),
      ...this.#sockets.flatMap(leftOfWebSocket),
    ];
  }
}

interface Held {
  readonly name: string;
  /** Its stack says where; formatted only when it is asked for, since that takes long. */
  readonly made: Error;
}

function describeHeld({ name, made }: Held): string[] {
  const stack = made.stack ?? '';
  return ownTimers.test(stack) ? [] : [`${name}, made${whereOf(stack)}`];
}

/** The paths of open files: a socket has none. Empty where the system does not tell. */
function openFiles(): string[] {
  return descriptors().flatMap((descriptor) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${descriptor}`);
      return target.startsWith('/') && !target.startsWith('/proc/') && !target.startsWith('/dev/') ? [target] : [];
    } catch {
      return []; // It was that of reading the list.
    }
  });
}

function descriptors(): string[] {
  try {
    return readdirSync('/proc/self/fd');
  } catch {
    return [];
  }
}

function processListeners(): string[] {
  return process
    .eventNames()
    .map((name) => `${process.listenerCount(name)} listeners of process.on("${String(name)}")`);
}

function leftOfWebSocket(socket: WebSocket): string[] {
  const open = socket.readyState === socket.CLOSED ? [] : [`a socket of ws, state ${socket.readyState}`];
  const names = socket.eventNames().filter((name) => socket.listenerCount(name) > 1);
  return [
    ...open,
    ...names.map((name) => `${socket.listenerCount(name)} listeners of a ws socket's "${String(name)}"`),
  ];
}

/** Hears of every client socket that the `ws` package makes. Returns what undoes it. */
function watchWebSockets(made: (socket: WebSocket) => void): () => void {
  const ws: { WebSocket: typeof WebSocket } = require('ws');
  const { WebSocket: original } = ws;
  ws.WebSocket = new Proxy(original, {
    construct(target, given, newTarget) {
      const socket: WebSocket = Reflect.construct(target, given, newTarget);
      made(socket);
      return socket;
    },
  });
  return () => {
    ws.WebSocket = original;
  };
}

/** The first line that is of this project. */
function whereOf(stack: string): string {
  const line = stack.split('\n').find((text) => /\/(src|tests)\/(?!faults\/leftovers\.ts)/.test(text));
  return line === undefined ? '' : line.replace(/^\s*at/, ' at').replace(/\(.*\/(src|tests)\//, '($1/');
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
