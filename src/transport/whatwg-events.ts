import type { Message } from '../frames/message.ts';
import type { CloseInfo } from '../support/errors.ts';
import type { WebSocketCloseEvent, WebSocketErrorEvent } from './whatwg-types.ts';

/** What the data of binary messages is. */
export type BinaryType = 'blob' | 'arraybuffer';

/** Node.js has this event from version 23 on. */
export class CloseEvent extends Event implements WebSocketCloseEvent {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;

  constructor({ code, reason, wasClean }: CloseInfo) {
    super('close');
    this.code = code;
    this.reason = reason;
    this.wasClean = wasClean;
  }
}

/** The standard tells nothing of a failure. In a test there is no page to hide it from. */
export class ErrorEvent extends Event implements WebSocketErrorEvent {
  readonly error: Error | undefined;
  readonly message: string;

  constructor(error: Error | undefined) {
    super('error');
    this.error = error;
    this.message = error?.message ?? '';
  }
}

/** The event of a received message. */
export function messageEvent(message: Message, { binaryType, url }: { binaryType: BinaryType; url: string }): Event {
  const data = message.isBinary ? binaryData(message.bytes, binaryType) : message.text;
  return new MessageEvent('message', { data, origin: new URL(url).origin });
}

/** The event of a ping or a pong, as k6 has it. */
export function controlEvent(type: 'ping' | 'pong', payload: Buffer): Event {
  return new MessageEvent(type, { data: payload.toString('utf8') });
}

/** A copy: the bytes are the record, and what a listener gets may be changed. */
function binaryData(bytes: Buffer, binaryType: BinaryType): Blob | ArrayBuffer {
  const copy = new Uint8Array(bytes);
  return binaryType === 'blob' ? new Blob([copy]) : copy.buffer;
}
