import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** A TCP or TLS server on a free port of 127.0.0.1. Returns the port. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`Cannot read the port of ${String(address)}`);
  return address.port;
}

/** Sockets of a server, so that closing it can end them all: `server.close()` alone waits for the peers. */
export function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

/** Stops listening and ends every socket. Resolves when all of them are gone. */
export async function stop(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of sockets) socket.destroy();
  await closed;
}

/** A port of 127.0.0.1 on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await stop(server, new Set());
  return port;
}

/** 1 s: a loopback peer that closed is seen in the same millisecond; only one that is left open takes so long. */
const goneTimeoutMs = 1000;

/** Resolves with `true` when all of it happened, with `false` when a second was not enough. */
export async function allGone(closings: readonly Promise<unknown>[]): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), goneTimeoutMs);
  });
  try {
    return await Promise.race([Promise.all(closings).then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
