// npm run demo: from a bare clone to a report of the examples. Needs nothing but Node.js and npm.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ensureBrowser } from './browser.mjs';
import { build, isStale } from './build.mjs';
import { root, run, say, tool } from './process.mjs';
import { ensureDependencies } from './setup.mjs';

const examples = join(root, 'examples');
const report = join(root, 'playwright-report', 'index.html');
// Playwright starts a browser for a test that names one of these fixtures.
const browserFixture = /async \(\{[^}]*\b(?:page|context|browser)\b[^}]*\}/;

try {
  process.exitCode = await demo();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function demo() {
  await ensureDependencies();
  const built = await buildWhenStale();
  if (built.code !== 0) {
    process.stdout.write(built.output);
    return built.code;
  }
  const env = usesBrowser() ? { CHROMIUM_PATH: await ensureBrowser() } : {};
  const config = relative(root, join(examples, 'playwright.config.ts'));
  const { code } = await run(tool('playwright', ['test', '-c', config]), { show: true, env });
  say(`\nReport: ${relative(process.cwd(), report)}\n  npx playwright show-report`);
  return code;
}

async function buildWhenStale() {
  if (!isStale()) return { code: 0, output: '' };
  say('Building');
  return build();
}

function usesBrowser() {
  const specs = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.spec.ts'),
  );
  return specs.some((name) => browserFixture.test(readFileSync(join(examples, name), 'utf8')));
}
