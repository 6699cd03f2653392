// Finds a Chromium for the specs that open a page, or gets one. Only node: modules.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, say, tool } from './process.mjs';

const programNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * A browser that is there: the one `CHROMIUM_PATH` names, Playwright's own, then the system's.
 *
 * @param {string | undefined} ownPath Where Playwright would look for its own.
 * @returns {string | undefined}
 */
export function installedBrowser(ownPath) {
  return candidates(ownPath).find((path) => existsSync(path));
}

/**
 * A browser that starts; one is installed when there is none. Throws when that fails.
 *
 * @returns {Promise<string>}
 */
export async function ensureBrowser() {
  const present = await firstThatStarts();
  if (present !== undefined) return present;
  say('Installing Chromium');
  for (const install of [installWithApt, installWithPlaywright]) {
    await install();
    const installed = await firstThatStarts();
    if (installed !== undefined) return installed;
  }
  throw new Error('Cannot find a browser: install Chromium, or set CHROMIUM_PATH to one');
}

/**
 * @param {string | undefined} ownPath
 * @returns {string[]}
 */
function candidates(ownPath) {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const programs = programNames.flatMap((name) => folders.map((folder) => join(folder, name)));
  const named = [process.env['CHROMIUM_PATH'] ?? '', ownPath ?? ''].filter((path) => path !== '');
  return [...named, ...programs, ...applications];
}

async function firstThatStarts() {
  for (const path of candidates(await playwrightPath())) {
    // Some systems have a stub of that name which only says how to install the real one.
    if (existsSync(path) && (await starts(path))) return path;
  }
  return undefined;
}

/** @param {string} path */
async function starts(path) {
  if (process.platform === 'win32') return true; // chrome.exe --version opens a window
  return (await run([path, '--version', '--no-sandbox'])).code === 0;
}

async function playwrightPath() {
  const { chromium } = await import('@playwright/test');
  try {
    return chromium.executablePath();
  } catch {
    return undefined; // Playwright has no build for this platform.
  }
}

async function installWithApt() {
  if (process.platform !== 'linux') return;
  const isRoot = process.getuid?.() === 0;
  // -n: without a terminal a question for the password would wait for ever.
  const prefix = isRoot ? [] : ['sudo', '-n'];
  const update = await run([...prefix, 'apt-get', 'update']);
  if (update.code !== 0) return;
  await run([...prefix, 'apt-get', 'install', '--yes', '--no-install-recommends', 'chromium'], { show: true });
}

async function installWithPlaywright() {
  await run(tool('playwright', ['install', '--no-shell', 'chromium']), { show: true });
}
