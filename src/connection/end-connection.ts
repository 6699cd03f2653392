import type { Connection } from './connection.ts';

/** Time beyond `closeTimeout` for a transport that did not end by itself. */
const endGraceMs = 100;

/** Ends a connection with its owner: closing handshake, at most `closeTimeout`, then terminate. Never rejects. */
export async function endConnection(connection: Connection): Promise<void> {
  const { closing, reconnection, settings } = connection;
  connection.endTimers();
  reconnection?.ownerEnds();
  closing.begin(1000, '');
  // The transport bounds the closing handshake too; these bounds do not depend on it.
  const { closeTimeout } = settings;
  let timer = setTimeout(() => {
    timer = setTimeout(() => connection.close(1006, Buffer.alloc(0)), endGraceMs);
    closing.terminate();
  }, closeTimeout + endGraceMs);
  await connection.closed;
  clearTimeout(timer);
}
