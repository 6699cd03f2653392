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
 * Capturing costs about 2 µs; the stack is formatted only when somebody reads it.
 */
export class CallSite {
  readonly #captured: { stack?: string } = {};
  #location: SourceLocation | undefined;
  #parsed = false;

  private constructor(below: Function) {
    Error.captureStackTrace(this.#captured, below);
  }

  /** @param below The public method itself: its frame and all above it are left out. */
  static capture(below: Function): CallSite {
    return new CallSite(below);
  }

  /** The first frame that is the user's: neither ours, nor a package's, nor Node's. */
  get location(): SourceLocation | undefined {
    if (!this.#parsed) {
      this.#parsed = true;
      this.#location = userFrame(framesOf(this.#captured.stack));
    }
    return this.#location;
  }

  /** Whether a file of the user's made the call itself, and not a package that was handed something of ours. */
  get isUsers(): boolean {
    const callers = framesOf(this.#captured.stack).map((frame) => parseFrame(frame)?.file);
    const caller = callers.find((file) => file !== undefined && !isOwnFile(file));
    return caller !== undefined && isUserFile(caller);
  }

  /** Gives an error the stack of this place, so that a report points at the user's line. */
  applyTo<E extends Error>(error: E): E {
    return pointAt(error, this.#captured.stack);
  }
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
