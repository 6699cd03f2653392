import type { MaskText } from '../support/redact-options.ts';
import { maskUrls as maskUrlsIn } from '../support/redact.ts';

/** Masks the secrets in one string. Everything that a transcript's writer writes goes through one such function. */
export type { MaskText } from '../support/redact-options.ts';

/** Masks passwords and secret query values of the URLs in a text, absolute and relative ones. The rest stays as it is. */
export function maskUrls(text: string): string {
  return maskUrlsIn(text);
}

/** Masks every string in a value of plain objects and arrays. */
export function maskStrings(value: unknown, maskText: MaskText): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map((item) => maskStrings(item, maskText));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskStrings(item, maskText)]));
}
