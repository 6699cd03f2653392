import type { ConnectionLine } from './lines.ts';

/** Headers that a WebSocket client writes itself. */
const ownHeaders: ReadonlySet<string> = new Set([
  'connection',
  'host',
  'origin',
  'sec-websocket-extensions',
  'sec-websocket-key',
  'sec-websocket-protocol',
  'sec-websocket-version',
  'upgrade',
]);

/** The command line that opens the same connection with wscat. Secrets are masked, as everywhere. */
export function wscatCommand({ handshake, url }: ConnectionLine): string {
  const headers = handshake?.requestHeaders ?? {};
  const subprotocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const origin = headers['origin'];
  return [
    `wscat -c ${quote(url)}`,
    ...subprotocols.filter((name) => name !== '').map((name) => `-s ${quote(name)}`),
    ...(origin === undefined ? [] : [`-o ${quote(origin)}`]),
    ...Object.entries(headers)
      .filter(([name]) => !ownHeaders.has(name.toLowerCase()))
      .map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
  ].join(' ');
}

/** For a POSIX shell. Controls, which a terminal would act upon when they are pasted, are left out. */
function quote(text: string): string {
  // oxlint-disable-next-line no-control-regex
  const clean = text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/g, '');
  return /^[\w@%+=:,./-]+$/.test(clean) ? clean : `'${clean.replaceAll("'", `'\\''`)}'`;
}
