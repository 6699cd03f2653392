import type { Connection } from './connection.ts';

/** What keep-alive needs of a connection. */
interface KeepAlivePeer {
  isOpen(): boolean;
  /** Whether nothing is read, so that no pong can come. */
  isPaused(): boolean;
  /** Sends a ping and calls back when its pong came. */
  probe(answered: () => void): void;
  /** Ends the connection as lost by the network. */
  lost(): void;
}

/** Begins what the option `keepAlive` of a connection asks for; returns what ends it, `undefined` without the option. */
export function keepAlive(connection: Connection): (() => void) | undefined {
  const interval = connection.settings.keepAlive;
  if (interval === undefined) return undefined;
  return startKeepAlive(interval, {
    isOpen: () => connection.isOpen,
    isPaused: () => connection.isPaused,
    probe: (answered) => connection.sender.probe(connection.ownPings.nextPayload(), answered),
    lost: () => connection.closing.lost(new Error(`The server left a ping of keepAlive unanswered for ${interval}ms`)),
  });
}

/**
 * Pings every `interval` milliseconds; a pong missing for one more interval means that the network is gone. What is sent
 * while the connection is paused keeps the server's side alive, and its answer is not waited for.
 */
function startKeepAlive(interval: number, peer: KeepAlivePeer): () => void {
  let unanswered = false;
  const timer = setInterval(() => {
    if (!peer.isOpen()) return;
    if (unanswered && !peer.isPaused()) {
      peer.lost();
      return;
    }
    unanswered = !peer.isPaused();
    peer.probe(() => {
      unanswered = false;
    });
  }, interval);
  return () => clearInterval(timer);
}
