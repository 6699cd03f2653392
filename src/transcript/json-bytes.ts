/** 1 for a byte that cannot stand in a string of JSON as it is, RFC 8259 section 7. */
const isEscaped: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte === 0x22 || byte === 0x5c ? 1 : 0,
);
const escapes: readonly Uint8Array[] = Array.from({ length: 128 }, (_, byte) =>
  Uint8Array.from(Buffer.from(JSON.stringify(String.fromCharCode(byte)).slice(1, -1))),
);
/** The longest of them, `\u001f`. */
const longestEscape = 6;
const quote = 0x22;
const zero = 0x30;
const digitsAtOnce = 1e9;

/**
 * JSON as bytes. Of 100,000 frames the joining of texts and their encoding would take as long as all the rest: payloads
 * are UTF-8 already, and what stands between them is the same for each frame.
 */
export class JsonBytes {
  /** Of a new buffer: what is usually written until it is taken. */
  readonly #room: number;
  #bytes: Buffer<ArrayBuffer>;
  #length = 0;

  constructor(room: number) {
    this.#room = room;
    this.#bytes = Buffer.allocUnsafeSlow(room);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written since the last time. */
  take(): Buffer<ArrayBuffer> {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.allocUnsafeSlow(this.#room);
    this.#length = 0;
    return taken;
  }

  /** The same, until something else is written: the buffer is used again. */
  lend(): Buffer<ArrayBuffer> {
    const lent = this.#bytes.subarray(0, this.#length);
    // A large payload had it grown.
    if (this.#bytes.length > 2 * this.#room) this.#bytes = Buffer.allocUnsafeSlow(this.#room);
    this.#length = 0;
    return lent;
  }

  text(text: string): void {
    // Three bytes a unit of UTF-16 at most.
    this.#reserve(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length);
  }

  byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  /** Writes what may be long as it is. */
  copy(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    const target = this.#bytes;
    let at = this.#length;
    // Faster than a call of `set` for what is a few dozen bytes.
    for (let index = 0; index < bytes.length; index++) target[at++] = bytes[index];
    this.#length = at;
  }

  /** Writes UTF-8 as a string, quotes included. Faster than to decode, to escape and to encode it. */
  string(utf8: Uint8Array): void {
    this.#reserve(utf8.length * longestEscape + 2);
    const target = this.#bytes;
    let at = this.#length;
    target[at++] = quote;
    for (let index = 0; index < utf8.length; index++) {
      const byte = utf8[index];
      if (isEscaped[byte] === 0) {
        target[at++] = byte;
        continue;
      }
      const escape = escapes[byte];
      for (let place = 0; place < escape.length; place++) target[at++] = escape[place];
    }
    target[at++] = quote;
    this.#length = at;
  }

  /** Writes a whole number from 0 on, with zeros before it when it has fewer digits. */
  integer(value: number, digits: number = 1): void {
    if (value >= digitsAtOnce) {
      const high = Math.floor(value / digitsAtOnce);
      this.integer(high, Math.max(1, digits - 9));
      return this.integer(value - high * digitsAtOnce, 9);
    }
    let count = digits;
    while (count < 9 && value >= powers[count]) count += 1;
    this.#reserve(count);
    const target = this.#bytes;
    const start = this.#length;
    // Of 32 bits from here on: half the time of floating point.
    let left = value | 0;
    for (let at = start + count - 1; at >= start; at--) {
      const next = (left / 10) | 0;
      target[at] = zero + left - next * 10;
      left = next;
    }
    this.#length = start + count;
  }

  /** Writes `scaled / 10 ** decimals` without zeros at its end. */
  decimal(scaled: number, decimals: number): void {
    if (scaled < 0) this.bytes(minus);
    const size = Math.abs(scaled);
    const whole = Math.floor(size / powers[decimals]);
    let fraction = size - whole * powers[decimals];
    this.integer(whole);
    if (fraction === 0) return;
    let digits = decimals;
    while (fraction % 10 === 0) {
      fraction /= 10;
      digits -= 1;
    }
    this.bytes(point);
    this.integer(fraction, digits);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

const minus: Uint8Array = Buffer.from('-');
const point: Uint8Array = Buffer.from('.');
const powers: readonly number[] = Array.from({ length: 10 }, (_, power) => 10 ** power);
