import { existsSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { expect, test, type TestInfo } from '@playwright/test';
import { LivePage } from '../../src/playwright/live-page.ts';
import { Recording } from '../../src/playwright/recording.ts';
import { checkReport } from '../../src/playwright/report-option.ts';
import { Redactor } from '../../src/support/redactor.ts';
import { linesOfPage, type Line } from './evidence-run.ts';
import { createTestConnection, receive } from '../helpers/fake-wire.ts';

interface Made {
  readonly page: LivePage;
  readonly created: string[];
  readonly lines: () => Line[];
}

function createPage(testInfo: TestInfo, report: unknown = 'on'): Made {
  const created: string[] = [];
  const path = testInfo.outputPath('websocket.html');
  const page = new LivePage({
    title: 'a.spec.ts › <a test>',
    report: checkReport(report),
    newPath: () => path,
    created: (file) => created.push(file),
  });
  const lines = (): Line[] => linesOfPage(readFileSync(path, 'utf8'));
  return { page, created, lines };
}

test.describe('live page', () => {
  test('is a file as soon as a client connects', ({}, testInfo) => {
    const { created, lines, page } = createPage(testInfo);
    page.watch(createTestConnection({ isConnecting: true, name: 'orders' }).connection);

    expect(created).toEqual([testInfo.outputPath('websocket.html')]);
    expect(lines()).toMatchObject([{ type: 'connection', name: 'orders' }]);
    page.stop();
  });

  test('has every frame after it stopped, and nothing that came later', ({}, testInfo) => {
    const { lines, page } = createPage(testInfo);
    const { connection } = createTestConnection();
    page.watch(connection);
    for (const text of ['1', '2', '3']) receive(connection, text);
    page.stop();
    receive(connection, '4');

    expect(lines().map(({ text }) => text)).toEqual([undefined, '1', '2', '3']);
  });

  test('tells of a connection again when it changed', ({}, testInfo) => {
    const { lines, page } = createPage(testInfo);
    const { connection, wire } = createTestConnection({ isConnecting: true });
    page.watch(connection);
    connection.open(wire);
    connection.close(4001, Buffer.from('kicked'));
    page.stop();

    const told = lines().filter(({ type }) => type === 'connection');
    expect(told.at(0)).not.toHaveProperty('close');
    expect(told.at(-1)).toMatchObject({ handshake: { status: 101 }, close: { code: 4001, reason: 'kicked' } });
  });

  test('masks its title', ({}, testInfo) => {
    const path = testInfo.outputPath('websocket.html');
    const maskText = new Redactor({ values: ['s3cret'] }).maskText;
    const report = { ...checkReport('on'), maskText };
    const page = new LivePage({ title: 'logs in with s3cret', report, newPath: () => path, created: () => {} });
    page.watch(createTestConnection().connection);
    page.stop();

    expect(readFileSync(path, 'utf8')).toContain('<h1>logs in with ***</h1>');
    expect(readFileSync(path, 'utf8')).not.toContain('s3cret');
  });

  test('escapes its title and what came', ({}, testInfo) => {
    const { page } = createPage(testInfo);
    const { connection } = createTestConnection();
    page.watch(connection);
    receive(connection, '<script>alert(1)</script>');
    page.stop();

    const text = readFileSync(testInfo.outputPath('websocket.html'), 'utf8');
    expect(text).toContain('<title>a.spec.ts › &#60;a test&#62;</title>');
    expect(text).toContain('&#60;script&#62;alert(1)&#60;/script&#62;');
    expect(text).not.toContain('<script');
  });

  test('leaves out the frames of earlier tests, and is no file while nothing comes', ({}, testInfo) => {
    const { created, lines, page } = createPage(testInfo);
    const { connection } = createTestConnection();
    receive(connection, 'of an earlier test');
    page.watch(connection, connection.log.sequence(0));
    expect(created).toEqual([]);
    expect(existsSync(testInfo.outputPath('websocket.html'))).toBe(false);

    receive(connection, 'of this test');
    page.stop();
    expect(lines().map(({ text }) => text)).toEqual([undefined, 'of this test']);
  });

  test('has each frame of a conversation when its turn ends', async ({}, testInfo) => {
    const { lines, page } = createPage(testInfo);
    const { connection } = createTestConnection();
    page.watch(connection);
    for (const text of ['1', '2', '3']) {
      receive(connection, text);
      expect(lines()).not.toContainEqual(expect.objectContaining({ text }));
      await setImmediate();
      expect(lines().at(-1)).toMatchObject({ text });
    }
    page.stop();
  });

  test('of a flood has the first 500 and the last 2,000 frames at least, and tells what is left out', ({}, testInfo) => {
    const { lines, page } = createPage(testInfo);
    const { connection } = createTestConnection();
    page.watch(connection);
    for (let number = 1; number <= 20_000; number++) receive(connection, String(number));
    page.stop();

    const all = lines();
    const texts = all.filter(({ type }) => type === 'frame').map(({ text }) => Number(text));
    const cuts = all.filter(({ type }) => type === 'cut');
    expect(texts.slice(0, 500)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    expect(texts.slice(-2000)).toEqual(Array.from({ length: 2000 }, (_, index) => index + 18_001));
    expect(texts.length + Number(cuts[0]['frames'])).toBe(20_000);
    expect(cuts).toHaveLength(1);
  });

  test('is shortened when it grew too long', async ({}, testInfo) => {
    const { lines, page } = createPage(testInfo);
    const { connection } = createTestConnection();
    page.watch(connection);
    for (let number = 1; number <= 4500; number++) receive(connection, String(number));
    await expect.poll(() => lines().length).toBe(1 + 4500);
    receive(connection, 'one more');
    page.stop();

    const texts = lines().map(({ text, type }) => text ?? type);
    expect(texts.slice(500, 504)).toEqual(['500', 'connection', 'cut', '2502']);
    expect(texts.slice(503)).toHaveLength(2000);
    expect(texts.at(-1)).toBe('one more');
  });

  test('cuts payloads at 4 KiB, or where the limits say', ({}, testInfo) => {
    const { lines, page } = createPage(testInfo, { limits: { payloadBytes: 3 } });
    const { connection } = createTestConnection();
    page.watch(connection);
    receive(connection, '12345');
    page.stop();

    expect(lines().at(-1)).toMatchObject({ text: '123', cut: 2 });
  });

  test('disturbs nobody when its file cannot be written', ({}, testInfo) => {
    const page = new LivePage({
      title: 'a test',
      report: checkReport('on'),
      newPath: () => testInfo.outputPath('missing', 'websocket.html'),
      created: () => {},
    });
    const { connection } = createTestConnection();
    page.watch(connection);
    receive(connection, 'hello');
    page.stop();

    expect(page.path).toBeUndefined();
    expect(connection.log).toHaveLength(1);
  });

  test('is attached by path as soon as there is a client, beside the page of another scope', ({}, testInfo) => {
    const attachments: TestInfo['attachments'] = [];
    // A class, as the host has it: its methods need their object.
    const host = new (class {
      readonly attachments = attachments;
      readonly titlePath: string[] = ['a.spec.ts', 'a test'];
      readonly #folder = testInfo;
      outputPath(...names: readonly string[]): string {
        return this.#folder.outputPath(...names);
      }
    })();
    for (const recording of [new Recording(host, checkReport('on')), new Recording(host, checkReport('on'))]) {
      recording.watch(createTestConnection().connection);
      recording.stop();
    }

    expect(attachments).toEqual([
      { name: 'websocket.html', contentType: 'text/html', path: testInfo.outputPath('websocket.html') },
      { name: 'websocket.html', contentType: 'text/html', path: testInfo.outputPath('websocket-2.html') },
    ]);
  });

  for (const report of ['off', 'retain-on-failure', 'on-first-retry', { formats: ['jsonl'] }]) {
    test(`is none when wsReport is ${JSON.stringify(report)}`, ({}, testInfo) => {
      const { outputDir, titlePath } = testInfo;
      const attachments: TestInfo['attachments'] = [];
      const outputPath = (...names: readonly string[]): string => testInfo.outputPath(...names);
      const recording = new Recording({ attachments, outputPath, titlePath }, checkReport(report));
      recording.watch(createTestConnection().connection);

      expect(recording.stop()).toBeUndefined();
      expect(existsSync(`${outputDir}/websocket.html`)).toBe(false);
      expect(attachments).toEqual([]);
    });
  }
});
