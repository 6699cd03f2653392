import { expect, test } from '../helpers/test.ts';
import type { InlineResult } from '../helpers/run-inline.ts';
import { attachedTo, linesOf, linesOfPage, runOnce } from './evidence-run.ts';

const imports = `import { rmSync, writeFileSync } from 'node:fs';\nimport { test as base, expect } from 'playwright-ws';\n`;
const talk = `
  const client = await ws.connect('/echo', { name: 'orders' });
  await client.send('<one> & /a?token=secret');
  await expect(client).toReceiveMessage(/one/);
`;

const run = runOnce(
  {
    'a.spec.ts': `${imports}
const test = base.extend({
  broken: async ({ ws }, use) => {${talk}
    throw new Error('the fixture is broken');
  },
  breaksLate: async ({}, use) => {
    await use(1);
    throw new Error('the fixture broke at its end');
  },
});
test.describe('the test', () => {
  test('times out', async ({ ws }) => {
    ${talk}
    test.setTimeout(1);
    await new Promise(() => {});
  });
  test.fail('has a fixture that fails', async ({ broken }) => {});
  test.fail('has a fixture that fails late', async ({ ws, breaksLate }) => {${talk}});
  test.fail('leaves an assertion', async ({ ws }) => {${talk}
    void expect(client).toReceiveMessage('two');
  });
});
test.describe('the process', () => {
  test('exits', async ({ ws }) => {${talk}
    client.on('message', () => process.exit(1));
    await client.send('last words');
    await client.waitForClose({ timeout: 10_000 });
  });
  test('is killed', async ({ ws }) => {${talk}
    await new Promise((resolve) => setImmediate(resolve));
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => {});
  });
  test('is killed within a flood', async ({ ws }) => {${talk}
    for (let n = 1; n <= 12_000; n++) void client.send(String(n).padStart(5, '0'));
    await expect(client).toReceiveMessage('12000', { timeout: 20_000 });
    await client.send('the last one');
    await expect(client).toReceiveMessage('the last one');
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => {});
  });
  test('is killed without a client', async ({ ws }) => {
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => {});
  });
});
test.describe('retained on failure', () => {
  test.use({ wsReport: 'retain-on-failure' });
  test('is killed', async ({ ws }) => {${talk}
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => {});
  });
});
test.describe('the disk', () => {
  test('is gone before', async ({ ws }, testInfo) => {
    // A file where the folder should be: nothing can be written in it.
    rmSync(testInfo.outputDir, { recursive: true, force: true });
    writeFileSync(testInfo.outputDir, '');
    ${talk}
  });
  test('is gone meanwhile', async ({ ws }, testInfo) => {${talk}
    rmSync(testInfo.outputDir, { recursive: true, force: true });
    writeFileSync(testInfo.outputDir, '');
  });
});`,
  },
  { config: { fullyParallel: true, workers: 2 } },
);

const { result } = { result: (): InlineResult => run().result };

test.describe('a test that', () => {
  for (const title of [
    'times out',
    'has a fixture that fails',
    'has a fixture that fails late',
    'leaves an assertion',
  ]) {
    test(`${title} has its frames`, () => {
      expect(
        linesOf(result(), `the test > ${title}`, 'frame')
          .map(({ text }) => text)
          .slice(0, 2),
      ).toEqual(['<one> & /a?token=***', '<one> & /a?token=***']);
      expect(attachedTo(result().test(`the test > ${title}`))).toContain('websocket.html');
    });
  }
});

test.describe('a process that', () => {
  test('exits leaves all frames in the report', () => {
    const lines = survived('the process > exits');
    expect(lines.filter(({ type }) => type === 'frame').map(({ text }) => text)).toEqual([
      '<one> & /a?token=***',
      '<one> & /a?token=***',
      'last words',
      'last words',
    ]);
  });

  test('is killed leaves the frames until its last turn in the report, secrets masked', () => {
    const lines = survived('the process > is killed');
    expect(lines.filter(({ type }) => type === 'frame').map(({ direction, text }) => [direction, text])).toEqual([
      ['sent', '<one> & /a?token=***'],
      ['received', '<one> & /a?token=***'],
    ]);
    expect(lines.find(({ type }) => type === 'connection')).toMatchObject({ name: 'orders' });
  });

  test('is killed within a flood leaves the first and the last frames, and tells how many are missing', () => {
    const lines = survived('the process > is killed within a flood');
    const frames = lines.filter(({ type }) => type === 'frame');
    const cut = lines.find(({ type }) => type === 'cut');
    expect(frames.length + Number(cut?.['frames'])).toBe(24_004);
    expect(frames.length).toBeLessThanOrEqual(500 + 2 * 2000);
    expect(frames.length).toBeGreaterThanOrEqual(500 + 2000);
    expect(frames.slice(0, 3).map(({ direction, text }) => [direction, text])).toEqual([
      ['sent', '<one> & /a?token=***'],
      ['received', '<one> & /a?token=***'],
      ['sent', '00001'],
    ]);
    expect(frames.at(-1)).toMatchObject({ text: 'the last one' });
  });

  test('is killed before a client connected leaves nothing', () => {
    expect(attachedTo(result().test('the process > is killed without a client'))).toEqual([]);
  });

  test("is killed leaves nothing in a mode other than 'on'", () => {
    expect(attachedTo(result().test('retained on failure > is killed'))).toEqual([]);
  });
});

test.describe('a disk that', () => {
  const reason = /^Cannot attach websocket\.html: (ENOTDIR|EEXIST)/;

  test('cannot be written changes no result and is told as a warning', () => {
    const { annotations, attachments, status } = result().test('the disk > is gone before');
    expect(status).toBe('passed');
    expect(annotations).toEqual([{ type: 'warning', description: expect.stringMatching(reason) }]);
    expect(attachments.map(({ name }) => name)).toContain('websocket.jsonl');
    expect(attachments.map(({ name }) => name)).not.toContain('websocket.html');
  });

  test('cannot be written any more changes no result and is told as a warning', () => {
    const { annotations, status } = result().test('the disk > is gone meanwhile');
    expect(status).toBe('passed');
    expect(annotations).toEqual([{ type: 'warning', description: expect.stringMatching(reason) }]);
  });
});

test('--max-failures leaves the frames of the tests that it interrupts', async ({ runInline, startServer }) => {
  test.slow();
  const server = await startServer(
    ({ socket }) => void socket.on('message', (data) => socket.send(data, { binary: false })),
  );
  const files = {
    'a.spec.ts': `${imports}
base('is interrupted', async ({ ws }) => {${talk}
  await (await fetch(process.env.GATE + '/reached')).text();
  await new Promise(() => {});
});
base('fails', async () => {
  await (await fetch(process.env.GATE + '/wait')).text();
  expect(1).toBe(2);
});`,
  };
  // The test that fails waits for the one that is interrupted.
  const waiting: (() => void)[] = [];
  let isReached = false;
  const gate = await startServer({
    http: ({ url }, response) => {
      const answer = (): void => void response.end();
      if (url === '/reached') {
        isReached = true;
        answer();
        for (const go of waiting) go();
      } else if (isReached) answer();
      else waiting.push(answer);
    },
  });
  const inline = await runInline(files, {
    timeout: 60_000,
    args: ['--max-failures=1'],
    env: { GATE: gate.httpUrl },
    config: { fullyParallel: true, workers: 2, use: { baseURL: server.httpUrl } },
  });
  expect(inline.test('is interrupted').status).toBe('interrupted');
  expect(
    linesOf(inline, 'is interrupted', 'frame')
      .map(({ direction }) => direction)
      .slice(0, 2),
  ).toEqual(['sent', 'received']);
});

/** Lines of the page that a test left whose process ended. */
function survived(title: string): Readonly<Record<string, unknown>>[] {
  const { text } = result().attachment('websocket.html', [result().test(title)]);
  expect(attachedTo(result().test(title))).toEqual(['websocket.html']);
  expect(text).toContain('The worker process ended before the test did.');
  expect(text).not.toContain('<one>');
  return linesOfPage(text);
}
