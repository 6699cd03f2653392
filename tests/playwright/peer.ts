import type { IncomingMessage, ServerResponse } from 'node:http';

import type { ServerConnection } from '../helpers/server-connection.ts';
import type { Refusal, TestServerOptions } from '../helpers/server.ts';

/**
 * The server of the inline projects. What it does with a connection is said by the first part of the path:
 *
 * - `/silent` says nothing.
 * - `/greet` sends `{"type":"hello"}` at once.
 * - `/echo` sends back what it gets.
 * - `/close` closes at the first message with the code that this is.
 * - `/close-bare` closes at the first message without a code.
 * - `/vanish` ends the TCP connection at the first message.
 * - `/break` answers the first message with a frame that RFC 6455 forbids.
 * - `/deaf` reads nothing any more, so that it never answers a close frame.
 * - `/refuse` answers the opening handshake with 401.
 *
 * `/login` is a page that sets the cookies `session` and `path`.
 */
export const peer: TestServerOptions = { connection: serve, refuse, http: answer };

const behaviours: ReadonlyMap<string, (connection: ServerConnection) => void> = new Map([
  ['greet', (connection) => void connection.send({ type: 'hello' })],
  ['echo', ({ socket }) => void socket.on('message', (data, binary) => socket.send(data, { binary }))],
  ['close', ({ socket }) => void socket.once('message', (data) => socket.close(Number(data), 'as you wish'))],
  ['close-bare', ({ socket }) => void socket.once('message', () => socket.close())],
  ['vanish', ({ socket }) => void socket.once('message', () => socket.terminate())],
  ['break', ({ request, socket }) => void socket.once('message', () => request.socket.write(reservedOpcode))],
  ['deaf', ({ request }) => void request.socket.pause()],
]);

/** Opcode 3 is reserved, RFC 6455 section 5.2. */
const reservedOpcode = Buffer.from([0x83, 0x00]);

function serve(connection: ServerConnection): void {
  const [, behaviour = ''] = connection.path.split(/[/?]/);
  behaviours.get(behaviour)?.(connection);
}

function refuse({ url = '/' }: IncomingMessage): Refusal | undefined {
  return url.startsWith('/refuse') ? { status: 401, body: { error: 'missing token' } } : undefined;
}

function answer({ url }: IncomingMessage, response: ServerResponse): void {
  if (url !== '/login') {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'set-cookie': ['session=abc; Path=/', 'path=deep; Path=/echo'] }).end('welcome');
}
