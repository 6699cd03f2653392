import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { strFromU8, unzipSync } from 'fflate';

import type { Finding } from '../../src/connection/findings.ts';
import type { Registry } from '../../src/connection/registry.ts';
import { explainWait } from '../../src/explain/explain.ts';
import { findingsError } from '../../src/playwright/end-of-test.ts';
import { addToTrace } from '../../src/playwright/trace.ts';
import { writeHar } from '../../src/transcript/har.ts';
import { renderHtml } from '../../src/transcript/html.ts';
import { writeJsonl } from '../../src/transcript/jsonl.ts';
import { summarize, writeSummary } from '../../src/transcript/summary.ts';
import { createTranscript } from '../../src/transcript/transcript.ts';

/** Everything that is written about a registry's connections, decompressed, by what it is. */
export async function everythingWritten(
  registry: Registry,
  findings: readonly Finding[],
): Promise<Map<string, string>> {
  const { maskText } = registry.redactor;
  const { connections, waits } = registry;
  const transcript = createTranscript({ connections, waits, findings });
  return new Map([
    ['websocket.jsonl', [...writeJsonl(transcript, { maskText })].join('')],
    ['websocket.har', [...writeHar(transcript, { maskText })].join('')],
    ['websocket.html', pageText([...renderHtml(transcript, { maskText, title: 'secrets' })].join(''))],
    ['trace', await traceText((path) => addToTrace(slot(path), transcript, { maskText }))],
    ['summary', writeSummary(summarize({ connections, waits }))],
    ['failures', waits.map((wait) => explainWait(wait)).join('\n')],
    ['findings', findings.length === 0 ? '' : String(findingsError(findings).stack)],
  ]);
}

/** A page with its compressed lines unpacked. */
export function pageText(html: string): string {
  const [base64 = ''] = /H4sI[A-Za-z0-9+/=\s]{40,}/.exec(html) ?? [];
  if (base64 === '') throw new Error('There are no lines in the page');
  return html.replace(base64, gunzipSync(Buffer.from(base64, 'base64')).toString());
}

/** Texts of the files of a zip. */
export function zipText(zip: Uint8Array): string {
  return Object.entries(unzipSync(zip))
    .map(([name, bytes]) => `${name}\n${strFromU8(bytes)}`)
    .join('\n');
}

/** Places at which a secret can be read, in any form: plain, in JSON, in a URL, in base64, inside base64. */
export function leaks(text: string, secret: string): string[] {
  const bytes = Buffer.from(secret);
  const forms = {
    plain: secret,
    json: JSON.stringify(secret).slice(1, -1),
    url: encodeURIComponent(secret),
    form: new URLSearchParams([['', secret]]).toString().slice(1),
    base64: bytes.toString('base64').replace(/=+$/, ''),
    base64url: bytes.toString('base64url'),
    hex: bytes.toString('hex').replaceAll(/(..)(?=.)/g, '$1 '),
  };
  const found = Object.entries(forms).filter(([, form]) => text.includes(form));
  const decoded = [...text.matchAll(/"[A-Za-z0-9+/]{8,}={0,2}"/g)].filter(([base64]) =>
    Buffer.from(base64.slice(1, -1), 'base64').includes(bytes),
  );
  return [...found.map(([name]) => name), ...decoded.map(() => 'inside base64')];
}

function slot(path: string): Parameters<typeof addToTrace>[0] {
  return { path, title: 'secrets', isKept: () => true };
}

async function traceText(write: (path: string) => Promise<void>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'playwright-ws-secrets-'));
  try {
    const path = join(folder, 'trace.zip');
    await write(path);
    return zipText(await readFile(path));
  } finally {
    await rm(folder, { recursive: true });
  }
}
