import type { CloseInfo } from '../support/errors.ts';
import { maxControlPayload } from './opcode.ts';

/** Registered close codes, RFC 6455 section 7.4.1 and the IANA registry. */
const closeCodeNames: ReadonlyMap<number, string> = new Map([
  [1000, 'Normal closure'],
  [1001, 'Going away'],
  [1002, 'Protocol error'],
  [1003, 'Unsupported data'],
  [1005, 'No status received'],
  [1006, 'Abnormal closure'],
  [1007, 'Invalid payload data'],
  [1008, 'Policy violation'],
  [1009, 'Message too big'],
  [1010, 'Mandatory extension'],
  [1011, 'Internal error'],
  [1012, 'Service restart'],
  [1013, 'Try again later'],
  [1014, 'Bad gateway'],
  [1015, 'TLS handshake'],
]);

/** The close reason is at most 123 bytes of UTF-8: a control payload without the two bytes of the code. */
export const maxReasonBytes: number = maxControlPayload - 2;

/** `4001 "kicked", by the server`. */
export function describeClose({ code, reason, by }: CloseInfo): string {
  const because = reason === '' ? '' : ` ${JSON.stringify(reason)}`;
  return `${describeCloseCode(code)}${because}, by the ${by}`;
}

/** `Going away`; `undefined` for a code without a registered name. */
export function closeCodeName(code: number): string | undefined {
  return closeCodeNames.get(code);
}

/** Codes that end a conversation as agreed; all others are findings unless a test expects them. */
export function isOrderlyCloseCode(code: number): boolean {
  return code === 1000 || code === 1001 || code === 1005;
}

/** Whether an endpoint may put this code into a close frame, RFC 6455 section 7.4. */
export function isSendableCloseCode(code: number): boolean {
  if (!Number.isInteger(code)) return false;
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
}

/** `1001 Going away`, `4001` for a code without a registered name. */
function describeCloseCode(code: number): string {
  const name = closeCodeNames.get(code);
  return name === undefined ? String(code) : `${code} ${name}`;
}
