import { fileURLToPath } from 'node:url';

/** A line of the user's code, as Playwright wants it for steps. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const framePattern = /^\s*at (?:.*\()?((?:file:\/\/)?\/.*?|(?:file:\/\/\/)?[A-Za-z]:[\\/].*?):(\d+):(\d+)\)?$/;

/** This package's own code, built and, where source maps apply, written: its frames are never the user's line. */
const packageFolders: readonly string[] = ['../../dist/', '../../src/'].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);

/**
 * Where the user called one of our methods.
 *
 * A whole stack costs some µs and some hundred bytes, and only an error needs it; it is formatted when somebody reads it.
 * Of a call that succeeds only the line is kept, in one object for all calls at that line.
 */
export class CallSite {
  /** The public method, until the whole stack was captured. */
  #below: Function | undefined;
  #captured: { stack?: string } | undefined;
  #shared: CallSite | undefined;
  #location: SourceLocation | undefined;
  #parsed = false;

  private constructor(below: Function) {
    this.#below = below;
  }

  /** @param below The public method itself: its frame and all above it are left out. */
  static capture(below: Function): CallSite {
    return new CallSite(below).capture();
  }

  /** Captures nothing yet: the caller does, in the same turn, by `capture` or `captureLine`. */
  static of(below: Function): CallSite {
    return new CallSite(below);
  }

  /** Captures the whole stack, unless that was done. */
  capture(): this {
    if (this.#below === undefined) return this;
    this.#captured = {};
    Error.captureStackTrace(this.#captured, this.#below);
    this.#below = undefined;
    return this;
  }

  /** Captures the line alone, for a call that is over in this turn; the whole stack where the line does not tell. */
  captureLine(): this {
    if (this.#below === undefined || this.#shared !== undefined) return this;
    readCaller(this.#below);
    this.#shared = knownSite() ?? addSite(this.#below);
    return this.#shared === undefined ? this.capture() : this;
  }

  /** The same line without the stack of this call, where that is known. */
  get line(): CallSite {
    return this.#shared ?? this;
  }

  /** The first frame that is the user's: neither ours, nor a package's, nor Node's. */
  get location(): SourceLocation | undefined {
    if (this.#shared !== undefined) return this.#shared.location;
    if (!this.#parsed) {
      this.#parsed = true;
      this.#location = userFrame(framesOf(this.#stack));
    }
    return this.#location;
  }

  /** Whether a file of the user's made the call itself, and not a package that was handed something of ours. */
  get isUsers(): boolean {
    const callers = framesOf(this.#stack).map((frame) => parseFrame(frame)?.file);
    const caller = callers.find((file) => file !== undefined && !isOwnFile(file));
    return caller !== undefined && isUserFile(caller);
  }

  /** Whether the frame that called the method is the user's line. */
  get isDirect(): boolean {
    const [caller] = framesOf(this.#stack);
    return caller !== undefined && isUserFrame(caller);
  }

  /** Gives an error the stack of this place, so that a report points at the user's line. */
  applyTo<E extends Error>(error: E): E {
    return pointAt(error, this.#stack);
  }

  get #stack(): string | undefined {
    return this.capture().#captured?.stack;
  }
}

/** Sites by file and position of the caller; `undefined` where the caller does not tell the user's line. */
const sharedSites = new Map<string, Map<number, CallSite | undefined>>();

/** The caller's frame alone; of a stack that is captured again and again, so that nothing is allocated. */
const caller: { stack?: unknown; file: string | undefined; position: number } = { file: undefined, position: 0 };

/**
 * Reads the frame that called the method: a third of the price of a stack, most of it for the functions of ours that are
 * inlined above it. Few of them, with few variables, make it cheaper.
 */
function readCaller(below: Function): void {
  // oxlint-disable-next-line typescript/unbound-method -- is put back, not called
  const { prepareStackTrace, stackTraceLimit } = Error;
  caller.file = undefined;
  try {
    Error.stackTraceLimit = 1;
    Error.prepareStackTrace = noteCaller;
    Error.captureStackTrace(caller, below);
    // Formatting is what calls `noteCaller`.
    void caller.stack;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function noteCaller(_error: unknown, [frame]: NodeJS.CallSite[]): undefined {
  const file: unknown = frame?.getFileName();
  caller.file = typeof file === 'string' ? file : undefined;
  caller.position = frame?.getPosition() ?? 0;
}

function knownSite(): CallSite | undefined {
  return caller.file === undefined ? undefined : sharedSites.get(caller.file)?.get(caller.position);
}

/** Formats a stack the first time. A caller in a package may have been called from any line of the user's. */
function addSite(below: Function): CallSite | undefined {
  const { file, position } = caller;
  if (file === undefined || sharedSites.get(file)?.has(position) === true) return undefined;
  const site = CallSite.capture(below);
  const shared = site.isDirect ? site : undefined;
  const sites = sharedSites.get(file) ?? new Map<number, CallSite | undefined>();
  sharedSites.set(file, sites.set(position, shared));
  return shared;
}

/** Gives an error the stack of another place, from the first line of the user's to the last. */
export function pointAt<E extends Error>(error: E, stack: string | undefined): E {
  const frames = framesOf(stack);
  const first = frames.findIndex((frame) => isUserFrame(frame));
  const shown = first === -1 ? frames : frames.slice(first, frames.findLastIndex((frame) => isUserFrame(frame)) + 1);
  error.stack = [`${error.name}: ${error.message}`, ...shown].join('\n');
  return error;
}

function framesOf(stack: string = ''): string[] {
  return stack.split('\n').filter((line) => line.startsWith('    at '));
}

function userFrame(frames: string[]): SourceLocation | undefined {
  const frame = frames.find((candidate) => isUserFrame(candidate));
  return frame === undefined ? undefined : parseFrame(frame);
}

function isUserFrame(frame: string): boolean {
  const location = parseFrame(frame);
  return location !== undefined && isUserFile(location.file);
}

function parseFrame(frame: string): SourceLocation | undefined {
  const [, path, line, column] = framePattern.exec(frame) ?? [];
  if (path === undefined) return undefined;
  const file = path.startsWith('file://') ? fileURLToPath(path) : path;
  return { file, line: Number(line), column: Number(column) };
}

function isUserFile(file: string): boolean {
  return !/[\\/]node_modules[\\/]/.test(file) && !isOwnFile(file);
}

function isOwnFile(file: string): boolean {
  return packageFolders.some((folder) => file.startsWith(folder));
}

/** `orders.spec.ts:12`, or `an unknown line` when the call came from no file. */
export function describeLocation(location: SourceLocation | undefined): string {
  if (location === undefined) return 'an unknown line';
  const name = location.file.slice(Math.max(location.file.lastIndexOf('/'), location.file.lastIndexOf('\\')) + 1);
  return `${name}:${location.line}`;
}
