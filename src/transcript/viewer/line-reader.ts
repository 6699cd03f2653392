import { type FrameLine, type Line, parseLine } from './lines.ts';

/** What a short frame begins with: its direction. */
export const shortMarks = { sent: '>', received: '<' } as const;

/** Numbers of a short frame, each with a space behind it. */
const numbers = 6;

/**
 * Reads the lines of a page in their order: those of `websocket.jsonl`, and frames in the short form that
 * `short-frames.ts` writes.
 */
export class LineReader {
  #startedAt = 0;
  readonly #connections: string[] = [];

  read(text: string): Line {
    if (text.startsWith(shortMarks.received)) return this.#shortFrame(text, 'received');
    if (text.startsWith(shortMarks.sent)) return this.#shortFrame(text, 'sent');
    const line = parseLine(text);
    if (line.type === 'transcript') this.#startedAt = Date.parse(line.startedAt);
    if (line.type === 'connection') this.#connections.push(line.name);
    return line;
  }

  #shortFrame(line: string, direction: FrameLine['direction']): FrameLine {
    const found: number[] = [];
    let at = 1;
    while (found.length < numbers) {
      const end = line.indexOf(' ', at);
      found.push(Number(line.slice(at, end)));
      at = end + 1;
    }
    const [sequence, afterMs, micros, connection, message, size] = found;
    return {
      type: 'frame',
      connection: this.#connections[connection] ?? '',
      sequence,
      time: new Date(this.#startedAt + afterMs).toISOString(),
      ms: micros / 1000,
      direction,
      opcode: 'text',
      size,
      ...(message === 0 ? {} : { message }),
      text: line.slice(at),
    };
  }
}
