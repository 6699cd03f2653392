// Artillery: one virtual user that sends and matches in a loop. Its own figure, the length of the user's session.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { count, finish, url } from '../../lib/contender.mjs';
import { peersFolder } from '../../lib/peers.mjs';

const folder = mkdtempSync(join(tmpdir(), 'bench-artillery-'));
const [script, results] = ['script.json', 'results.json'].map((name) => join(folder, name));
const send = { payload: { type: 'get', id: 1 }, match: { json: '$.id', value: 1 } };
const config = { target: url, phases: [{ duration: 1, arrivalCount: 1, maxVusers: 1 }] };
writeFileSync(script, JSON.stringify({ config, scenarios: [{ engine: 'ws', flow: [{ loop: [{ send }], count }] }] }));

const program = join(peersFolder, 'node_modules', 'artillery', 'bin', 'run');
const env = { ...process.env, ARTILLERY_DISABLE_TELEMETRY: 'true' };
execFileSync(process.execPath, [program, 'run', script, '--output', results], { env, timeout: 100_000 });
const { counters, summaries } = JSON.parse(readFileSync(results, 'utf8')).aggregate;
rmSync(folder, { recursive: true });
if (counters['websocket.messages_received'] !== count) throw new Error(JSON.stringify(counters));
finish({ ms: summaries['vusers.session_length'].mean });
