import fc from 'fast-check';
import type { Line } from '../../src/transcript/viewer/lines.ts';
import { expect, test } from './test.ts';
import { connection, finding, frame, handshake, request, wait } from './lines.ts';

const escape = String.fromCharCode(0x1b);
/** Each would do something, were it taken for more than text. */
const attacks = [
  '<img src=x onerror="document.title=1">',
  '</script><script>document.title=1</script>',
  '<!--<script>',
  '"><svg onload=document.title=1>',
  'javascript:document.title=1',
  '{{data}}{{static}}{{app}}',
  '$& $1 $` \\u003cscript\\u003e',
  '\u202Eevil\u202C \u2066x\u2069 \u200Bzero \uFEFF',
  `${escape}[31mred${escape}[0m ${escape}]8;;http://127.0.0.1/\u0007link`,
  '\uD800 lone \uDFFF surrogates \u0000 nul',
  '__proto__',
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
];

/** Puts a text wherever a page has one. */
function linesWith(text: string): Line[] {
  return [
    connection({
      name: text,
      url: text,
      location: text,
      failure: text,
      handshake: handshake({
        url: text,
        statusText: text,
        requestHeaders: { [text]: text },
        responseHeaders: { a: text },
      }),
      close: { code: 4000, reason: text, wasClean: false, by: text, meaning: text, ms: 99 },
    }),
    frame(1, { connection: text, text, hiddenBy: text, claimedBy: { method: text, location: text } }),
    frame(2, { connection: text, text: JSON.stringify({ [text]: [text] }) }),
    frame(3, { connection: text, opcode: 'close', code: 4000, reason: text }),
    wait({
      method: text,
      call: text,
      location: text,
      connections: [text],
      outcome: text,
      expected: text,
      detail: text,
      nearest: 1,
    }),
    request({ method: text, url: text, statusText: text, failure: text }),
    finding({ kind: text, text, location: text }),
  ];
}

// oxlint-disable-next-line no-control-regex
const unseen = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u200B-\u200F\u202A-\u202E\u2066-\u2069]|\p{Cs}/u;
const elements = 'script, style, img, svg, iframe, object, embed, link, a, form, base, meta';

test('hostile text is nothing but text, wherever it stands', async ({ viewer }) => {
  const { page } = viewer;
  await viewer.open([connection(), frame(1)]);
  const { kinds: harmless } = await page.evaluate(readEverything, elements);
  const visit = async (text: string): Promise<void> => {
    await viewer.open(linesWith(text));
    const { isPolluted, kinds, texts, title } = await page.evaluate(readEverything, elements);
    expect({ isPolluted, kinds, title }).toEqual({ isPolluted: false, kinds: harmless, title: 'a test' });
    expect(texts.length).toBeGreaterThan(10);
    expect(texts.join('')).not.toMatch(unseen);
  };
  await visit(attacks.join(' '));
  const anything = fc.oneof(fc.constantFrom(...attacks), fc.string({ unit: 'binary' }));
  await fc.assert(fc.asyncProperty(anything, visit), { numRuns: 3 });
});

/** Selects every row and opens every tab; what the page shows then, and what elements it has. In the browser. */
function readEverything(selector: string): { isPolluted: boolean; kinds: string[]; texts: string[]; title: string } {
  const texts: string[] = [];
  for (const row of document.querySelectorAll<HTMLElement>('#rows .row, .problem, button.lane-name')) {
    row.click();
    texts.push(document.body.innerText);
    for (const tab of document.querySelectorAll<HTMLElement>('[role=tab]')) {
      tab.click();
      texts.push(document.body.innerText);
    }
  }
  const kinds = new Set(Array.from(document.querySelectorAll(selector), ({ tagName }) => tagName));
  return { isPolluted: 'polluted' in {}, kinds: [...kinds], texts, title: document.title };
}

test('hostile size: a page of a large payload opens, and shows its beginning', async ({ viewer }) => {
  await viewer.open([connection(), frame(1, { text: `{"blob":"${'<b>\u202E'.repeat(125_000)}"}` })]);
  await viewer.row('blob').click();
  await expect(viewer.details.locator('.tree')).toHaveText(/ … 495\u2009000 more characters$/);
  await viewer.details.getByRole('tab', { name: 'Text' }).click();

  const more = viewer.details.getByRole('button', { name: /^Show more/ });
  await expect(more).toHaveText('Show more: 400\u2009011 left');
  await more.click();
  await expect(more).toHaveText('Show more: 300\u2009011 left');
});

test('hostile depth: JSON of 100,000 levels is shown as a tree', async ({ viewer }) => {
  await viewer.open([connection(), frame(1, { text: '['.repeat(100_000) + ']'.repeat(100_000) })]);
  await viewer.row('[[').click();

  await expect(viewer.details.locator('.tree')).toBeVisible();
});

test('hostile page: the policy lets no other script run, and no HTML be made of a text', async ({ viewer }) => {
  const { page } = viewer;
  await viewer.open([connection(), frame(1)]);
  const tried = await page.evaluate(() => {
    const attempts = [
      () => (document.body.innerHTML = '<b>'),
      () => document.createElement('script').append('document.title=1'),
      () => document.body.setAttribute('onclick', 'document.title=1'),
    ];
    return attempts.map((attempt) => {
      try {
        attempt();
        return 'done';
      } catch (error) {
        return error instanceof TypeError ? 'refused' : String(error);
      }
    });
  });

  expect(tried).toEqual(['refused', 'done', 'refused']);
  expect(await page.title()).toBe('a test');
  expect(viewer.faults.splice(0)).toEqual([
    "console: This document requires 'TrustedHTML' assignment. The action has been blocked.",
    "console: This document requires 'TrustedScript' assignment. The action has been blocked.",
  ]);
});
