import type { WebSocketClient } from '../../src/connection/web-socket-client.ts';
import type { CloseInfo } from '../../src/support/errors.ts';
import { steadyText } from '../helpers/failure-text.ts';
import type { AcceptOptions, RawPeer } from '../helpers/raw-peer.ts';
import type { RawServer } from '../helpers/raw-server.ts';
import { stated, type StatedError } from './matrix.ts';
import { rejection } from './scene.ts';

/** How a connection ends that has no close frame of the server, by whom. */
export function lost(by: CloseInfo['by']): CloseInfo {
  return { code: 1006, reason: '', wasClean: false, by };
}

/** Both ends of a connection that is being opened: the server accepts it. */
export async function accepted(
  server: RawServer,
  connecting: Promise<WebSocketClient>,
  options?: AcceptOptions,
): Promise<[WebSocketClient, RawPeer]> {
  const peer = await server.nextPeer();
  await peer.accept(options);
  return [await connecting, peer];
}

/** The code of the close frame that the client sent. */
export async function closeCodeSentTo(peer: RawPeer): Promise<number | string> {
  const { opcode, payload } = await peer.readFrame();
  if (opcode !== 8) return `a frame with the opcode ${opcode}`;
  return payload.length < 2 ? 'no code' : payload.readUInt16BE();
}

/** Reads on, and keeps nothing of it: keeping megabytes takes longer than sending them. */
export function forget({ socket }: RawPeer): void {
  socket.removeAllListeners('data').resume();
}

/** Waits for a message that does not come; how that ends. */
export function pendingWait(client: WebSocketClient): Promise<unknown> {
  return rejection(client.waitForMessage('ready', { timeout: 0 }));
}

/** What the pending wait says when its connection closes: why, and the frames. */
export function closedWait(why: readonly string[], frames: readonly string[]): StatedError {
  const [first, ...more] = why;
  return stated(
    'ConnectionClosedError',
    'WS_CONNECTION_CLOSED',
    'client.waitForMessage(expected) failed',
    '',
    'Client:   /feed (ws://127.0.0.1:PORT/feed), closed',
    'Expected: "ready"',
    'Received: nothing',
    `Closed:   ${first}, after N ms of waiting`,
    ...more.map((line) => `          ${line}`),
    '',
    'Call log:',
    ...(frames.length === 0 ? ['  - no frames'] : frames.map((line) => `  - ${line}`)),
  );
}

/** The finding of a connection that was lost. */
export function lostFinding(spec: string, why: string): string {
  return [
    `"/feed" (ws://127.0.0.1:PORT/feed), connected at ${spec}:LINE, closed with ${why}`,
    '  If that is right, expect it: await expect(client).toBeClosed({ code })',
  ].join('\n');
}

/** Ports, times and lines made the same. */
export const steady: (text: string) => string = steadyText;
