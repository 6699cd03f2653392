import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { errorCodes } from '../../src/support/errors.ts';
import { repository } from './sources.ts';

test('docs/errors.md has a row for every error code, with the sentence of the source', () => {
  expect(errorRows()).toEqual(errorCodes);
});

test('every file that a page links to exists', () => {
  const missing = pages().flatMap((page) => {
    const links = [...read(page).matchAll(/\]\((?<target>[^)\s]+)\)/g)].map((match) => match.groups?.['target'] ?? '');
    const files = links.filter((link) => !/^(https?:|#|mailto:)/.test(link)).map((link) => link.replace(/#.*$/, ''));
    return files.filter((file) => !existsSync(join(repository, dirname(page), file))).map((file) => `${page}: ${file}`);
  });

  expect(missing).toEqual([]);
});

test('every "npm run" and "npm test" of the pages is a script', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));
  const commands = pages().flatMap((page) => [...read(page).matchAll(/\bnpm (?:test\b|run (?<name>[\w:]+))/g)]);
  const names = new Set(commands.map((match) => match.groups?.['name'] ?? 'test'));

  expect([...names]).toEqual(expect.arrayContaining(['demo', 'test']));
  expect([...names].filter((name) => scripts[name] === undefined)).toEqual([]);
});

test('every script of package.json names a file that exists', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));
  const files = Object.values(scripts).flatMap((script) => script.match(/\b(?:scripts|tests|bench)\/[\w./-]+/g) ?? []);

  expect(files.filter((file) => !existsSync(join(repository, file)))).toEqual([]);
});

test('committed files name no folder of this machine', () => {
  // The name of a folder that every machine has (/, /app, /src) says nothing.
  const folders = [repository.replace(/\/$/, ''), homedir()].filter((folder) => folder.split(/[\\/]/).length > 2);
  const usual = /(?:^|[\s"'`(=])\/(?:root|work|workspace)\//m;

  expect(filesWith((text) => usual.test(text) || folders.some((path) => text.includes(path)))).toEqual([]);
});

test('committed files name no package registry', () => {
  const lockEntry = /"resolved"\s*:/;
  const host = /https?:\/\/[^\s/"']*\b(?:registry|artifactory|nexus|verdaccio)\b[^\s/"']*/;

  expect(filesWith((text) => lockEntry.test(text) || host.test(text))).toEqual([]);
});

function errorRows(): Record<string, string> {
  const rows = read('docs/errors.md').matchAll(/^\| `(?<code>WS_\w+)` \| `\w+` \| (?<meaning>[^|]+) \|/gm);
  return Object.fromEntries([...rows].map(({ groups }) => [groups?.['code'], groups?.['meaning']]));
}

function pages(): string[] {
  return committed().filter((file) => file.endsWith('.md'));
}

function filesWith(isBad: (text: string) => boolean): string[] {
  return committed().filter((file) => isBad(read(file)));
}

function committed(): string[] {
  const files = execFileSync('git', ['ls-files'], { cwd: repository, encoding: 'utf8' }).trim().split('\n');
  return files.filter((file) => statSync(join(repository, file), { throwIfNoEntry: false })?.isFile() === true);
}

function read(file: string): string {
  return readFileSync(join(repository, file), 'utf8');
}
