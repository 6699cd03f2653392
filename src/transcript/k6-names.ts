import type { ConnectionLine, FrameLine } from './viewer/lines.ts';

/** Names that a script cannot give to a client: words of the language, and what the script has already. */
const taken: ReadonlySet<string> = new Set([
  ...'await break case catch class const continue debugger default delete do else enum export extends false finally for'.split(
    ' ',
  ),
  ...'function if implements import in interface let new null package private protected public return static super'.split(
    ' ',
  ),
  ...'switch this throw true try typeof undefined var void while with yield arguments eval'.split(' '),
  ...'WebSocket b64decode base check clearTimeout clients closed connect contains fail hasMembers messageOf options patience pause secret setTimeout take until'.split(
    ' ',
  ),
]);

/** A variable for each client: `/orders 2` is `orders2`. */
export function identifiersOf(names: readonly string[]): Map<string, string> {
  const identifiers = new Map<string, string>();
  const used = new Set(taken);
  for (const name of names) {
    const identifier = unused(wordOf(name), used);
    used.add(identifier);
    identifiers.set(name, identifier);
  }
  return identifiers;
}

/** Headers that k6 makes itself, RFC 6455 section 4.1; subprotocols are the exception: k6 takes them as a header. */
const ownHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'sec-websocket-extensions',
  'sec-websocket-key',
  'sec-websocket-version',
  'upgrade',
]);

/** The headers of an opening handshake that a script has to send. */
export function headersOf({ handshake }: ConnectionLine): [name: string, value: string][] {
  const headers = Object.entries(handshake?.requestHeaders ?? {});
  return headers.filter(([name]) => !ownHeaders.has(name.toLowerCase()));
}

/** Whether k6 can close with a code, as browsers can: with another one `close` throws. */
export function takesClose(code: number): boolean {
  return code === 1000 || (code >= 3000 && code <= 4999);
}

/** The bytes of a frame as base64. */
export function bytesOfFrame({ base64, text = '' }: FrameLine): string {
  return base64 ?? Buffer.from(text).toString('base64');
}

function wordOf(name: string): string {
  const words = name.match(/[A-Za-z0-9]+/g) ?? [];
  const [first = 'client', ...rest] = words;
  const word =
    first.charAt(0).toLowerCase() +
    first.slice(1) +
    rest.map((one) => one.charAt(0).toUpperCase() + one.slice(1)).join('');
  return /^\d/.test(word) ? `client${word}` : word;
}

function unused(word: string, used: ReadonlySet<string>, number = 1): string {
  const candidate = number === 1 ? word : `${word}${number}`;
  if (!used.has(candidate)) return candidate;
  return taken.has(word) ? unused(`${word}Client`, used) : unused(word, used, number + 1);
}
