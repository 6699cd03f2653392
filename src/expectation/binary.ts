import { types } from 'node:util';
import type { BinaryExpectation } from './types.ts';

/** How many bytes a failure shows: one row of a hex dump. */
const shownBytes = 16;

export function isBinary(value: unknown): value is BinaryExpectation {
  return ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value);
}

/** The same memory as a Buffer: nothing is copied. */
export function bytesOf(binary: BinaryExpectation): Buffer {
  if (!ArrayBuffer.isView(binary)) return Buffer.from(binary);
  return Buffer.from(binary.buffer, binary.byteOffset, binary.byteLength);
}

/** `<Buffer 01 02 03> (3 bytes)`; of many bytes the first 16. */
export function describeBytes(bytes: Buffer): string {
  return describeFrom(bytes, 0);
}

/** Two lines, expected and received, from the row of the first byte that differs. */
export function explainBytes(expected: Buffer, received: Buffer): string {
  const differs = firstDifference(expected, received);
  const from = Math.max(0, differs - shownBytes / 2);
  return [
    `differs from byte ${differs} on`,
    `- ${describeFrom(expected, from)}`,
    `+ ${describeFrom(received, from)}`,
  ].join('\n');
}

/** Index of the first byte, or line, that one of them does not have or has otherwise. */
export function firstDifference(first: ArrayLike<unknown>, second: ArrayLike<unknown>): number {
  const shorter = Math.min(first.length, second.length);
  for (let index = 0; index < shorter; index++) if (first[index] !== second[index]) return index;
  return shorter;
}

function describeFrom(bytes: Buffer, from: number): string {
  return `<Buffer${hex(bytes, from)}> (${bytes.length} ${bytes.length === 1 ? 'byte' : 'bytes'})`;
}

function hex(bytes: Buffer, from: number): string {
  const shown = [...bytes.subarray(from, from + shownBytes)].map((byte) => ` ${byte.toString(16).padStart(2, '0')}`);
  return `${from > 0 ? ' …' : ''}${shown.join('')}${from + shownBytes < bytes.length ? ' …' : ''}`;
}
