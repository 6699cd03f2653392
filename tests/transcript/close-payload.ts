/** Payload of a close frame, RFC 6455 section 5.5.1. */
export function closePayload(code: number, reason: Uint8Array): Buffer {
  const payload = Buffer.alloc(2 + reason.length);
  payload.writeUInt16BE(code);
  payload.set(reason, 2);
  return payload;
}
