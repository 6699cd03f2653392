import type { Connection } from './connection.ts';
import { controlPayload } from './sender.ts';
import { passed } from './wait-error.ts';
import { Wait, type WaitSettings } from './waits.ts';
import { EventWatch } from './watch-event.ts';

/** Sends a ping and resolves with the round trip in milliseconds when its pong came. */
export async function sendPing(connection: Connection, settings: WaitSettings, data: unknown): Promise<number> {
  const { ownPings } = connection;
  const payload = data === undefined ? ownPings.nextPayload() : controlPayload(data, 'ping');
  const watch = new EventWatch(`a pong with ${JSON.stringify(payload.toString('utf8'))}`, {
    received: () => 'no such pong',
    stop: () => ownPings.forget(payload),
  });
  let roundTrip = 0;
  connection.sender.assertOpen('ping');
  const wait = Wait.start(settings, watch);
  connection.sender.probe(payload, (time) => {
    roundTrip = time;
    wait.pass();
  });
  await passed(wait.ended);
  return roundTrip;
}

/** Sends a pong and resolves when the socket has its bytes. */
export async function sendPong(connection: Connection, settings: WaitSettings, data: unknown): Promise<void> {
  const payload = controlPayload(data, 'pong');
  const watch = new EventWatch('the pong handed to the socket', { received: () => 'nothing' });
  connection.sender.assertOpen('send a pong');
  const wait = Wait.start(settings, watch);
  connection.sender.pong(payload, (error) => {
    if (error === undefined) wait.pass();
    else wait.end({ kind: 'failed', error });
  });
  await passed(wait.ended);
}
