/** Where the servers of `npm run test:peers` listen, by name; nothing in other runs. */
export const peers: Readonly<Record<string, string>> = readPeers();

/** The Python packages, each a WebSocket implementation of its own. */
export const libraries: readonly string[] = ['websockets', 'aiohttp', 'autobahn'];

/** URL of a path of a server. */
export function urlOf(server: string, path: string): string {
  return `${peers[server] ?? `http://${server}.invalid`}${path}`;
}

function readPeers(): Record<string, string> {
  const found: unknown = JSON.parse(process.env['PEERS'] ?? '{}');
  if (typeof found !== 'object' || found === null) return {};
  return Object.fromEntries(Object.entries(found).map(([name, url]) => [name, String(url)]));
}
