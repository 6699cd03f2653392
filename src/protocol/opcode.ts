/** Frame kinds of RFC 6455, section 5.2. A fragmented message is one frame here: `ws` hands over whole messages. */
export type Opcode = 'text' | 'binary' | 'ping' | 'pong' | 'close';

/** Numbers on the wire, RFC 6455 section 11.8. */
export const opcodeNumbers: Readonly<Record<Opcode, number>> = {
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
};

/** A control frame's payload is at most 125 bytes, RFC 6455 section 5.5. */
export const maxControlPayload = 125;
