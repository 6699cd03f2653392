import { closeCodeName } from '../protocol/close-code.ts';
import { WebSocketError } from '../support/errors.ts';

/** What a connection accepts. */
export interface AcceptLimits {
  /** Bytes of a message; `0` for no limit. */
  readonly maxPayload: number;
  /** Frames of a message; `0` for no limit. */
  readonly maxFragments: number;
}

/** Why a connection cannot go on, and the close code that the server was told. */
export interface Violation {
  readonly error: WebSocketError;
  /** `undefined` when no close frame was sent for it. */
  readonly closeCode: number | undefined;
}

/** What `ws` reports of an open connection, in the words of this house. */
export function violationOf(reported: Error, limits: AcceptLimits): Violation {
  const kind = kindOf(reported);
  if (kind === undefined) {
    const text = `The connection cannot go on: ${reported.message}`;
    return { error: new WebSocketError('WS_PROTOCOL_ERROR', text, { cause: reported }), closeCode: undefined };
  }
  const what = kind.describe(numberAtEnd(reported.message), limits);
  const answer = `The client closed the connection with ${kind.closeCode} ${closeCodeName(kind.closeCode)}.`;
  const text = `The server ${what}\n  ${answer}${kind.remedy ?? ''}`;
  return { error: new WebSocketError('WS_PROTOCOL_ERROR', text, { cause: reported }), closeCode: kind.closeCode };
}

function kindOf(reported: Error): Kind | undefined {
  // Both limits have one code.
  if (reported.message === 'Too many buffered chunks') return tooManyPieces;
  const code = 'code' in reported && typeof reported.code === 'string' ? reported.code : '';
  return code.startsWith('Z_') ? brokenData : kinds.get(code);
}

interface Kind {
  /** What `ws` closes with. */
  readonly closeCode: number;
  readonly remedy?: string;
  /** @param found The number that `ws` tells. */
  describe(found: number | undefined, limits: AcceptLimits): string;
}

/** By the error codes that `ws` documents. */
const kinds: ReadonlyMap<string, Kind> = new Map([
  ['WS_ERR_EXPECTED_FIN', broken('a ping, pong or close frame in fragments', '5.5')],
  ['WS_ERR_UNEXPECTED_MASK', broken('a masked frame', '5.1')],
  ['WS_ERR_UNEXPECTED_RSV_1', broken('a frame that claims to be compressed and must not be', '5.2')],
  ['WS_ERR_UNEXPECTED_RSV_2_3', broken('a frame with a reserved bit, RSV2 or RSV3', '5.2')],
  ['WS_ERR_INVALID_OPCODE', { closeCode: 1002, describe: describeOpcode }],
  ['WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH', { closeCode: 1002, describe: describeControlLength }],
  [
    'WS_ERR_INVALID_CLOSE_CODE',
    { closeCode: 1002, describe: (found) => brokenBy(`a close frame with the code ${String(found)}`, '7.4') },
  ],
  [
    'WS_ERR_INVALID_UTF8',
    { closeCode: 1007, describe: () => brokenBy('text or a close reason that is not valid UTF-8', '8.1') },
  ],
  [
    'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
    {
      closeCode: 1009,
      remedy: ' Raise { maxPayload } if the message is right.',
      describe: (_found, { maxPayload }) => `sent a message of more than ${maxPayload} bytes, the limit of maxPayload`,
    },
  ],
  [
    'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH',
    { closeCode: 1009, describe: () => 'announced a frame of 2^53 bytes or more, which Node.js cannot hold' },
  ],
  [
    'WS_ERR_TOO_MANY_BUFFERED_PARTS',
    {
      closeCode: 1008,
      remedy: ' Raise { maxFragments } if the message is right.',
      describe: (_found, { maxFragments }) =>
        `sent a message of more than ${maxFragments} frames, the limit of maxFragments`,
    },
  ],
]);

/** A limit of `ws` that keeps one byte at a time from costing a buffer each; no option of ours. */
const tooManyPieces: Kind = {
  closeCode: 1008,
  describe: () => 'sent a frame in more than 262144 pieces, which is as many as are kept',
};

/** What zlib refuses. */
const brokenData: Kind = {
  closeCode: 1007,
  describe: () => 'broke the protocol: compressed data that cannot be inflated (RFC 7692 section 7.2.2)',
};

function broken(what: string, section: string): Kind {
  return { closeCode: 1002, describe: () => brokenBy(what, section) };
}

function brokenBy(what: string, section: string): string {
  return `broke the protocol: ${what} (RFC 6455 section ${section})`;
}

function describeOpcode(found: number | undefined): string {
  if (found === 0) return brokenBy('a continuation frame of no message', '5.4');
  if (found === 1 || found === 2) return brokenBy('a new message amid the fragments of another', '5.4');
  return brokenBy(`a frame with the reserved opcode ${String(found)}`, '5.2');
}

/** `ws` tells the first length byte, which is 126 or 127 for all that is longer. */
function describeControlLength(found: number | undefined): string {
  if (found === 1) return brokenBy('a close frame with half a close code', '5.5.1');
  return brokenBy('a ping, pong or close frame of more than 125 bytes', '5.5');
}

function numberAtEnd(message: string): number | undefined {
  const found = /(\d+)$/.exec(message)?.[1];
  return found === undefined ? undefined : Number(found);
}
