// What the evidence of a test with many frames costs: milliseconds of each format, and as a multiple of JSON.stringify of
// the frames alone, measured in turn in one process. `node bench/evidence.mjs [frames] [rounds]`.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const everyFormat = ['html', 'jsonl', 'har', 'trace'];
/** Together: what a failed test with a trace gets. */
const all = 'all';

/** Every format writes every frame. Without it all but the page keep the first and the last 5,000. */
export const everyFrame = { headFrames: 1e6, tailFrames: 1e6, totalFrames: 2e6 };

/**
 * Writes the evidence of one connection with that many messages of about 120 bytes, each format alone and all together,
 * as the end of a test does, files included.
 *
 * @param {{ frames?: number, rounds?: number, limits?: object }} [options]
 * @returns {Promise<{ frames: number, bytes: number, stringifyMs: number, stringifyCpuMs: number, formats:
 *   Record<string, { ms: number, cpuMs: number, ratio: number, bytes: number }> }>} Medians; bytes of payload, of files.
 */
export async function measure({ frames = 100_000, limits = {}, rounds = 5 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-evidence-'));
  try {
    const library = await loadSources();
    const { connection, values } = conversation(library, frames);
    const found = new Map([...everyFormat, all].map((name) => [name, { ms: [], cpuMs: [], ratios: [], bytes: 0 }]));
    const baseline = [];
    for (let round = 0; round < rounds; round++) {
      const stringify = await timed(() => values.forEach((value) => void JSON.stringify(value)));
      baseline.push(stringify);
      for (const [name, { cpuMs, ms, ratios }] of found) {
        const out = mkdtempSync(join(folder, 'out-'));
        const formats = name === all ? everyFormat : [name];
        const taken = await timed(() => attach(library, { connection, folder: out, formats, limits }));
        ms.push(taken.ms);
        cpuMs.push(taken.cpuMs);
        ratios.push(taken.ms / stringify.ms);
        found.get(name).bytes = sizeOf(out);
        rmSync(out, { recursive: true });
      }
    }
    return {
      frames,
      bytes: values.reduce((sum, { data }) => sum + Buffer.byteLength(data), 0),
      stringifyMs: median(baseline.map(({ ms }) => ms)),
      stringifyCpuMs: median(baseline.map(({ cpuMs }) => cpuMs)),
      formats: Object.fromEntries(
        Array.from(found, ([name, { bytes, cpuMs, ms, ratios }]) => {
          return [name, { ms: median(ms), cpuMs: median(cpuMs), ratio: median(ratios), bytes }];
        }),
      ),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Writes `websocket.html` of one connection with that many messages, and opens it in Chromium.
 *
 * @param {{ frames?: number, rounds?: number }} [options]
 * @returns {Promise<{ bytes: number, stringifyMs: number, writtenMs: number, openedMs?: number, emptyMs?: number,
 *   missing?: string }>} Medians. `openedMs`: from the beginning of the navigation until the list shows its rows;
 *   `emptyMs`: of a page with nothing but a row. `missing`: why they are not there.
 */
export async function measurePage({ frames = 100_000, rounds = 3 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-page-'));
  try {
    const library = await loadSources();
    const { connection, values } = conversation(library, frames);
    const [stringify, written] = [[], []];
    for (let round = 0; round < rounds; round++) {
      stringify.push((await timed(() => values.forEach((value) => void JSON.stringify(value)))).ms);
      written.push((await timed(() => attach(library, { connection, folder, formats: ['html'], limits: {} }))).ms);
    }
    const file = join(folder, 'websocket.html');
    const figures = { bytes: statSync(file).size, stringifyMs: median(stringify), writtenMs: median(written) };
    return { ...figures, ...(await open(file, rounds)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function open(file, rounds) {
  // Here, since the formats are measured without a browser.
  const [{ chromium }, { installedBrowser }] = await Promise.all([
    import('@playwright/test'),
    import('../scripts/browser.mjs'),
  ]);
  const executablePath = installedBrowser(ownPath(chromium));
  if (executablePath === undefined) return { missing: 'no Chromium found' };
  const browser = await chromium.launch({ executablePath });
  try {
    const empty = `${file}.empty.html`;
    writeFileSync(empty, '<!doctype html><title>Empty</title><p id="rows"><span class="row">A row</span></p>');
    await openOnce(browser, empty); // warms up the browser
    const [openedMs, emptyMs] = [[], []];
    for (let round = 0; round < rounds; round++) {
      emptyMs.push(await openOnce(browser, empty));
      openedMs.push(await openOnce(browser, file));
    }
    return { openedMs: median(openedMs), emptyMs: median(emptyMs) };
  } finally {
    await browser.close();
  }
}

/** @returns {Promise<number>} Milliseconds from the beginning of the navigation to the picture with the first rows. */
async function openOnce(browser, file) {
  const page = await browser.newPage();
  await page.addInitScript(() => {
    const look = () => {
      if (document.querySelector('#rows .row') === null) requestAnimationFrame(look);
      else requestAnimationFrame(() => (globalThis.shownMs = performance.now()));
    };
    look();
  });
  await page.goto(pathToFileURL(file).href, { waitUntil: 'commit' });
  const shown = await page.waitForFunction(() => globalThis.shownMs, undefined, { timeout: 60_000 });
  const ms = await shown.jsonValue();
  await page.close();
  return ms;
}

function ownPath(chromium) {
  try {
    return chromium.executablePath();
  } catch {
    return undefined; // Playwright has no build for this platform; the system may have one.
  }
}

/** The parts that write evidence are no entry of the package: bundled from the sources. */
async function loadSources() {
  const { buildSync } = createRequire(import.meta.url)('esbuild');
  const outfile = join(root, 'temp', 'bench', `evidence-${process.pid}.mjs`);
  // As deep as a room of `src`, from where the version of the package is read.
  mkdirSync(join(root, 'temp', 'bench'), { recursive: true });
  const contents = `
    export { createTestConnection, receive } from './tests/helpers/fake-wire.ts';
    export { attachEvidence } from './src/playwright/attach.ts';
    export { Recording } from './src/playwright/recording.ts';
    export { checkReport } from './src/playwright/report-option.ts';
    export { Redactor } from './src/support/redactor.ts';`;
  const bundled = { bundle: true, format: 'esm', platform: 'node', target: 'node20.19', packages: 'external' };
  buildSync({ ...bundled, stdin: { contents, resolveDir: root, loader: 'ts' }, outfile });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile);
  }
}

function conversation({ createTestConnection, receive }, frames) {
  const { connection } = createTestConnection({ name: 'orders' });
  const texts = Array.from({ length: frames }, (_, index) => messageText(index));
  for (const text of texts) receive(connection, text);
  const values = texts.map((data, index) => {
    const time = connection.log.monotonicTime(index);
    return { sequence: connection.log.sequence(index), time, direction: 'received', opcode: 'text', data };
  });
  return { connection, values };
}

function messageText(index) {
  const [id, price] = [String(index).padStart(7, '0'), (index % 997) / 10];
  return `{"type":"order.updated","id":${id.replace(/^0+(?=.)/, '')},"status":"${index % 3 === 0 ? 'PAID' : 'PENDING'}","customer":"c-${id}","total":${price},"currency":"EUR"}`;
}

async function attach({ Recording, Redactor, attachEvidence, checkReport }, { connection, folder, formats, limits }) {
  const redactor = new Redactor();
  redactor.watch(connection.log);
  const report = { ...checkReport({ formats, limits }), maskText: redactor.maskText };
  const tracing = { traceOptions: () => ({}), maybeGenerateNextTraceRecordingPath: () => join(folder, 'trace.zip') };
  const host = {
    _tracing: tracing,
    annotations: [],
    attachments: [],
    expectedStatus: 'passed',
    status: 'passed',
    retry: 0,
    titlePath: ['bench'],
    outputPath: (...names) => join(folder, ...names),
  };
  const registry = { connections: [connection], waits: [], notes: [] };
  await attachEvidence(host, {
    registry,
    findings: [],
    report,
    recording: new Recording(host, report),
    willFail: false,
  });
  if (host.annotations.length > 0) throw new Error(host.annotations[0].description);
}

function sizeOf(folder) {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

async function timed(act) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await act();
  const ms = performance.now() - start;
  const { system, user } = process.cpuUsage(cpu);
  return { ms, cpuMs: (system + user) / 1000 };
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function print(title, { bytes, formats: measured, frames, stringifyMs }) {
  console.log(`${title}: ${frames} frames, ${bytes} B; JSON.stringify ${stringifyMs.toFixed(0)} ms`);
  for (const [name, { bytes: size, cpuMs, ms, ratio }] of Object.entries(measured)) {
    const times = `${ms.toFixed(0).padStart(6)} ms  x ${ratio.toFixed(2).padStart(5)}  ${cpuMs.toFixed(0)} ms of CPU`;
    console.log(`  ${name.padEnd(6)} ${times}  ${size} B`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [frames, rounds] = process.argv.slice(2).map(Number);
  print('Default limits', await measure({ frames, rounds }));
  print('Every frame in every format', await measure({ frames, rounds, limits: everyFrame }));
  console.log('websocket.html:', await measurePage({ frames, rounds }));
}
