import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocketServer, type ServerOptions } from 'ws';
import { allGone, listen, stop, trackSockets } from '../helpers/listening.ts';

/** A `WebSocketServer`, as the servers of libraries want it. */
export interface SocketServer {
  /** `ws://127.0.0.1:<port>` */
  readonly url: string;
  readonly webSocketServer: WebSocketServer;
  /** Ends it. Throws when a client is still connected after a second. */
  close(): Promise<void>;
}

export async function startSocketServer(options: ServerOptions = {}): Promise<SocketServer> {
  const server = createServer();
  const sockets = trackSockets(server);
  const webSocketServer = new WebSocketServer({ ...options, server });
  const url = `ws://127.0.0.1:${await listen(server)}`;
  const close = async (): Promise<void> => {
    const clients = [...webSocketServer.clients];
    const areGone = await allGone(clients.map((client) => once(client, 'close')));
    webSocketServer.close();
    await stop(server, sockets);
    if (!areGone)
      throw new Error(`Close every connection before the test ends. Left open: ${clients.length} of ${url}`);
  };
  return { url, webSocketServer, close };
}
