import type { Frame } from '../frames/frame.ts';
import type { Connection } from './connection.ts';
import type { Sent } from './sender.ts';
import { resultOf } from './wait-error.ts';
import { Wait, type WaitSettings } from './waits.ts';
import { EventWatch } from './watch-event.ts';

/** Sends in this turn, or behind a Blob that is still being read; resolves when the socket has the bytes. */
export function sendMessage(connection: Connection, settings: WaitSettings, data: unknown): Frame | Promise<Frame> {
  const sent = connection.sender.send(data);
  return sent instanceof Promise ? sent.then((ready) => untilFlushed(settings, ready)) : untilFlushed(settings, sent);
}

function untilFlushed(settings: WaitSettings, { flush, frame }: Sent): Frame | Promise<Frame> {
  const [connection] = settings.connections;
  const watch = new EventWatch('the bytes handed to the socket', {
    received: () => `${connection.wire?.bufferedAmount ?? 0} bytes still queued: the server reads too slowly`,
  });
  const wait = Wait.start(settings, watch);
  flush.onEnd((error) => (error === undefined ? wait.pass() : wait.end({ kind: 'failed', error })));
  return resultOf(wait, () => frame);
}
