// npm run api: writes the public API of the entries to public-api.md. With --check it only compares.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { root, run, say } from './process.mjs';

const entries = [
  { name: 'playwright-ws', file: 'index.d.ts' },
  { name: 'playwright-ws/client', file: 'client.d.ts' },
  { name: 'playwright-ws/reporter', file: 'reporter.d.ts' },
];
const committed = join(root, 'public-api.md');
const folder = join(root, 'temp', 'api');
const isCheck = process.argv.includes('--check');

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const problems = missing().length > 0 ? missing() : extractAll();
const text = `# Public API\n\nWritten by \`npm run api\`. A change here is a change for users.\n${entries.map(section).join('')}`;
process.exitCode = problems.length > 0 ? fail(problems) : await finish();

async function finish() {
  if (!isCheck) {
    writeFileSync(committed, text);
    return 0;
  }
  if (existsSync(committed) && readFileSync(committed, 'utf8') === text) return 0;
  const fresh = join(folder, 'public-api.md');
  writeFileSync(fresh, text);
  const { output } = await run(['git', 'diff', '--no-index', '--no-color', committed, fresh]);
  const changes = output.slice(Math.max(0, output.indexOf('@@'))); // the lines before name temporary files
  say(`The public API changed. When it is meant to, run "npm run api" and commit public-api.md.\n\n${changes}`);
  return 1;
}

/** @param {readonly string[]} lines */
function fail(lines) {
  say(`Cannot read the public API:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  return 1;
}

/** @returns {string[]} */
function missing() {
  const files = entries.map(({ file }) => file).filter((file) => !existsSync(join(root, 'dist', file)));
  return files.map((file) => `dist/${file} is missing: run "npm run build" first`);
}

/** Writes the report of each entry, all from one compiler; returns what the extractor complained about. */
function extractAll() {
  const configs = entries.map((entry) => configOf(entry));
  const additionalEntryPoints = configs.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath);
  const compilerState = CompilerState.create(configs[0], { additionalEntryPoints });
  /** @type {string[]} */
  const complaints = [];
  for (const config of configs) {
    Extractor.invoke(config, {
      compilerState,
      localBuild: true,
      messageCallback: (message) => {
        message.handled = true;
        if (message.logLevel !== ExtractorLogLevel.Error) return;
        complaints.push(`${config.reportFilePath.replace(/.*[\\/]/, '')}: ${message.text}`);
      },
    });
  }
  return complaints;
}

/** @param {{ name: string, file: string }} entry */
function configOf(entry) {
  const main = join(root, 'dist', entry.file);
  return ExtractorConfig.prepare({
    packageJsonFullPath: join(root, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: main,
      compiler: { overrideTsconfig: { compilerOptions: compilerOptions(), files: [main] } },
      apiReport: {
        enabled: true,
        reportFileName: entry.file.replace('.d.ts', ''),
        reportFolder: folder,
        reportTempFolder: join(folder, 'new'),
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        // Release tags and complete TSDoc are not what this report is for.
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
}

// api-extractor has its own, older TypeScript.
function compilerOptions() {
  return {
    target: 'es2022',
    lib: ['es2022', 'dom'],
    module: 'nodenext',
    strict: true,
    skipLibCheck: true,
    types: ['node'],
  };
}

/** @param {{ name: string, file: string }} entry */
function section(entry) {
  const file = join(folder, entry.file.replace('.d.ts', '.api.md'));
  if (!existsSync(file)) return '';
  const code = /```ts\n([^]*?)```/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  const declarations = code.replace('// (No @packageDocumentation comment for this package)', '').trim();
  return `\n## \`${entry.name}\`\n\n\`\`\`ts\n${declarations}\n\`\`\`\n`;
}
