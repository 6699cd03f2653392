import { FrameLog } from '../../src/frames/frame-log.ts';
import type { Codec } from '../../src/frames/codec.ts';
import { LoggedMessage } from '../../src/frames/message.ts';

export interface MessagesOptions {
  readonly codec?: Codec;
  readonly validate?: (value: unknown) => unknown;
}

/** A text as it is, bytes as a binary message, anything else as its JSON text. */
export type TestPayload = unknown;

/** Received messages of one client, `#1` first, without a network. */
export function receivedMessages(payloads: readonly TestPayload[], options: MessagesOptions = {}): LoggedMessage[] {
  const log = new FrameLog();
  const source = { log, client: 'orders', codec: options.codec, validate: options.validate };
  return payloads.map((payload, index) => {
    const isBinary = payload instanceof Uint8Array;
    const text = typeof payload === 'string' ? payload : (JSON.stringify(payload) ?? '');
    const frame = log.append({
      direction: 'received',
      opcode: isBinary ? 'binary' : 'text',
      payload: isBinary ? payload : Buffer.from(text),
      sequence: index + 1,
      monotonicTime: index,
    });
    return new LoggedMessage(source, frame, index);
  });
}

/** One received message. */
export function receivedMessage(payload: TestPayload, options: MessagesOptions = {}): LoggedMessage {
  return receivedMessages([payload], options)[0];
}
