import { JSONPathEnvironment, type JSONPathQuery } from 'json-p3';
import type { Conversation } from './conversation.ts';
import type { FrameLine } from './lines.ts';
import { jsonOf, textOf } from './payload.ts';
import type { Row } from './rows.ts';

/** How the search text is read. */
export type SearchMode = 'text' | 'regex' | 'jsonpath';

/** What a claim, a mark or a schema says of a frame; '' for all. */
export type FrameState = '' | 'claimed' | 'unclaimed' | 'marked' | 'invalid' | 'hidden';

/** Which rows of the list are shown. */
export interface Filter {
  readonly mode: SearchMode;
  readonly search: string;
  /** Name of a connection, or '' for all. */
  readonly connection: string;
  readonly direction: '' | FrameLine['direction'];
  /** Opcodes that are left out. */
  readonly withoutOpcodes: ReadonlySet<string>;
  readonly state: FrameState;
  readonly showsEvents: boolean;
  /** Milliseconds, the ends included. */
  readonly range: TimeRange | undefined;
}

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Shows everything. */
export const noFilter: Filter = {
  mode: 'text',
  search: '',
  connection: '',
  direction: '',
  withoutOpcodes: new Set(),
  state: '',
  showsEvents: true,
  range: undefined,
};

type Predicate = (frame: FrameLine) => boolean;

/**
 * Whether a row is shown.
 *
 * @throws {SyntaxError} with a sentence about the search text, when it is no regular expression or no JSONPath.
 */
export function compileFilter(filter: Filter, conversation: Conversation): (row: Row) => boolean {
  const { connection, direction, range, showsEvents, withoutOpcodes } = filter;
  const found = compileSearch(filter);
  const hasState = compileState(filter.state, conversation);
  return (row) => {
    if (range !== undefined && (row.ms < range.fromMs || row.ms > range.toMs)) return false;
    if (row.moment !== 'frame') return showsEvents && (connection === '' || concerns(row, connection));
    const frame = row.line;
    return (
      (connection === '' || frame.connection === connection) &&
      (direction === '' || frame.direction === direction) &&
      !withoutOpcodes.has(frame.opcode) &&
      hasState(frame) &&
      found(frame)
    );
  };
}

const compilers: Readonly<Record<SearchMode, (search: string) => Predicate>> = {
  text: (search) => {
    const wanted = search.toLowerCase();
    return (frame) => textOf(frame).toLowerCase().includes(wanted);
  },
  regex: (search) => {
    const pattern = compilePattern(search);
    return (frame) => pattern.test(textOf(frame));
  },
  jsonpath: (search) => {
    const query = compilePath(search);
    return (frame) => (frame.opcode === 'text' || frame.opcode === 'binary') && finds(query, frame);
  },
};

function compileSearch({ mode, search }: Filter): Predicate {
  return search.trim() === '' ? () => true : compilers[mode](search);
}

/** `/source/flags`, or the source alone, which ignores case. */
function compilePattern(search: string): RegExp {
  const { source = search, flags = 'i' } = /^\/(?<source>.+)\/(?<flags>[a-z]*)$/s.exec(search)?.groups ?? {};
  // A pattern that remembers where it was would miss every other frame.
  return new RegExp(source, flags.replaceAll(/[gy]/g, ''));
}

function compilePath(search: string): JSONPathQuery {
  try {
    return new JSONPathEnvironment().compile(search.trim());
  } catch (error) {
    const text = error instanceof Error ? error.message : 'not a JSONPath';
    // The package ends its sentence with a piece of the path and the position in it.
    throw new SyntaxError(text.replace(/ \('[^]*':(\d+)\)$/, ' at position $1'), { cause: error });
  }
}

/** Whether a path finds anything; a value too deep to be searched is not found. */
function finds(query: JSONPathQuery, frame: FrameLine): boolean {
  const json = jsonOf(textOf(frame));
  if (json === undefined || !isJson(json.value)) return false;
  try {
    return query.match(json.value) !== undefined;
  } catch {
    return false;
  }
}

/** `JSON.parse` gives nothing else. */
function isJson(_value: unknown): _value is Parameters<JSONPathQuery['query']>[0] {
  return true;
}

function compileState(state: FrameState, { marks }: Conversation): Predicate {
  switch (state) {
    case 'claimed':
      return ({ claimedBy }) => claimedBy !== undefined;
    case 'unclaimed':
      return ({ claimedBy, message }) => message !== undefined && claimedBy === undefined;
    case 'marked':
      return ({ sequence }) => marks.has(sequence);
    case 'invalid':
      return ({ invalid }) => invalid === true;
    case 'hidden':
      return ({ hiddenBy }) => hiddenBy !== undefined;
    default:
      return () => true;
  }
}

function concerns(row: Row, connection: string): boolean {
  switch (row.line.type) {
    case 'connection':
      return row.line.name === connection;
    case 'wait':
      return row.line.connections.includes(connection);
    case 'cut':
    case 'gap':
      return row.line.connection === connection;
    default:
      // HTTP requests belong to all.
      return true;
  }
}
