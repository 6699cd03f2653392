import { k6Runtime } from './k6-runtime.ts';
import { K6Secrets, quote } from './k6-secrets.ts';
import { meetsOf } from './k6-expectation.ts';
import { stepsOf, type K6Step } from './k6-steps.ts';
import { bytesOfFrame, headersOf, identifiersOf } from './k6-names.ts';
import type { ConnectionLine, FrameLine, Line, WaitLine } from './viewer/lines.ts';

/** A script for k6, and what to know about it. */
export interface K6Script {
  readonly script: string;
  readonly notes: readonly string[];
}

/**
 * Turns the lines of a recorded test into a k6 script: one iteration is the conversation. What was sent is sent again, at
 * its moment after what came before it; each message that an assertion claimed is awaited and checked.
 */
export function writeK6Script(lines: readonly Line[]): K6Script {
  const { notes, steps } = stepsOf(lines);
  const writer = new ScriptWriter(steps);
  const body = writer.write();
  const names = [...writer.secrets.names];
  const head = [
    `// Made from a recording by \`playwright-ws export-k6\`: values that differ each time have to be taken out by hand.`,
    ...(names.length > 0
      ? [`// Run it with its secrets: k6 run ${names.map((name) => `-e ${name}=…`).join(' ')} script.js`]
      : []),
    ...notes.map((note) => `// Note: ${oneLine(note)}`),
  ];
  const script = [...head, ...k6Runtime(body, { base: writer.base, readsBytes: writer.readsBytes })].join('\n');
  return { script, notes };
}

class ScriptWriter {
  readonly secrets = new K6Secrets();
  /** Whether a binary message is sent. */
  readsBytes = false;
  /** Origin of all connections; `undefined` when there are several. */
  readonly base: string | undefined;
  readonly #steps: readonly K6Step[];
  readonly #identifiers: ReadonlyMap<string, string>;
  readonly #lines: string[] = [];
  #lastMs: number | undefined;

  constructor(steps: readonly K6Step[]) {
    this.#steps = steps;
    const opened = steps.flatMap((step) => (step.kind === 'connect' || step.kind === 'reconnect' ? [step] : []));
    this.#identifiers = identifiersOf(opened.flatMap(({ kind, line }) => (kind === 'connect' ? [line.name] : [])));
    const origins = new Set(opened.map(({ line }) => originOf(line.url)));
    this.base = origins.size === 1 ? [...origins][0] : undefined;
  }

  write(): string[] {
    for (const step of this.#steps) {
      const client = this.#identifiers.get(step.connection);
      if (client !== undefined) this.#lines.push(...this.#step(step, client));
      this.#lastMs = 'line' in step ? step.line.openedMs : step.ms;
    }
    return this.#lines;
  }

  #step(step: K6Step, client: string): string[] {
    switch (step.kind) {
      case 'connect':
        return [
          ...this.#pause(step.ms),
          `${this.#declares(step.connection)} ${client} = await connect(${this.#target(step.line, client)});`,
          `clients.push(${client});`,
        ];
      case 'reconnect':
        return [
          `await closed(${client}, ${quote(`${step.connection} is lost`)});`,
          `${client} = await connect(${this.#target(step.line, client)});`,
          `clients.push(${client});`,
        ];
      case 'send':
        return [...this.#pause(step.ms), `${client}.socket.send(${this.#data(step.frame, client)});`];
      case 'ping':
        return [...this.#pause(step.ms), `${client}.socket.ping();`];
      case 'receive':
        return [
          `await take(${client}, ${labelOf(step.wait)}, ${meetsOf({ expected: step.expected, where: step.wait.where }, step.frame)});`,
        ];
      case 'closed':
        return [`await closed(${client}, ${labelOf(step.wait)});`];
      case 'close':
        return [...this.#pause(step.ms), `${client}.socket.close(${closeArguments(step)});`];
      default:
        return [];
    }
  }

  #declares(connection: string): 'const' | 'let' {
    const isRepeated = this.#steps.some((step) => step.kind === 'reconnect' && step.connection === connection);
    return isRepeated ? 'let' : 'const';
  }

  /** What a step waits after the one before it. */
  #pause(ms: number): string[] {
    const pause = Math.round(ms - (this.#lastMs ?? ms));
    return pause > 0 ? [`await pause(${pause});`] : [];
  }

  #target(line: ConnectionLine, client: string): string {
    const owner = this.#owner(client);
    const path = this.base === undefined ? line.url : line.url.slice(this.base.length);
    const url = this.secrets.text(path, owner, 'url');
    const address = this.base === undefined ? url : `base + ${url}`;
    const headers = headersOf(line).map(([name, value]) => `${quote(name)}: ${this.secrets.text(value, owner, name)}`);
    const params = [
      ...(headers.length === 0 ? [] : [`headers: { ${headers.join(', ')} }`]),
      ...(line.handshake?.extensions.includes('permessage-deflate') === true ? ["compression: 'deflate'"] : []),
    ];
    return `${quote(line.name)}, ${address}${params.length === 0 ? '' : `, { ${params.join(', ')} }`}`;
  }

  #data(frame: FrameLine, client: string): string {
    if (frame.opcode === 'text') return this.secrets.text(frame.text ?? '', this.#owner(client), 'secret');
    this.readsBytes = true;
    return `b64decode(${quote(bytesOfFrame(frame))})`;
  }

  /** With several clients each has secrets of its own. */
  #owner(client: string): string {
    return this.#identifiers.size > 1 ? client : '';
  }
}

function labelOf({ location, method }: WaitLine): string {
  return quote(`${method} at ${location}`);
}

function closeArguments({ code, reason }: Extract<K6Step, { kind: 'close' }>): string {
  if (reason !== '') return `${code}, ${quote(reason)}`;
  return code === 1000 ? '' : String(code);
}

function originOf(url: string): string {
  return /^[a-z]+:\/\/[^/?#]*/i.exec(url)?.[0] ?? url;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
