// The package under measure, for scripts. BENCH_PACKAGE is set by bench/run.mjs; without it dist is measured.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = process.env['BENCH_PACKAGE'] ?? fileURLToPath(new URL('../..', import.meta.url));

/** `connect` of `playwright-ws/client`: records every frame, as in a test. */
export const { connect, anyMessage } = await import(pathToFileURL(join(folder, 'dist', 'client.js')).href);
