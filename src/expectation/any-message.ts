/**
 * The expectation that every data message meets: text or binary, empty too.
 *
 * @example The next message, whatever it is
 * ```ts
 * await expect(orders).toReceiveMessage(anyMessage, { timeout: 500 });
 * ```
 */
export const anyMessage: unique symbol = Symbol.for('playwright-ws.anyMessage');
