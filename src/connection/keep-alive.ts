/** What keep-alive needs of a connection. */
export interface KeepAlivePeer {
  isOpen(): boolean;
  /** Sends a ping and calls back when its pong came. */
  probe(answered: () => void): void;
  /** Ends the connection as lost by the network. */
  lost(): void;
}

/** Pings every `interval` milliseconds; a pong missing for one more interval means that the network is gone. */
export function startKeepAlive(interval: number, peer: KeepAlivePeer): () => void {
  let unanswered = false;
  const timer = setInterval(() => {
    if (!peer.isOpen()) return;
    if (unanswered) {
      peer.lost();
      return;
    }
    unanswered = true;
    peer.probe(() => {
      unanswered = false;
    });
  }, interval);
  return () => clearInterval(timer);
}
