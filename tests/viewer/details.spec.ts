import { expect, test } from './test.ts';
import { connection, frame, handshake, wait } from './lines.ts';
import { sampleLines } from './sample.ts';

function fieldsOf(texts: readonly string[]): string[] {
  return texts.map((text) => text.replaceAll('\u2009', ' '));
}

test('details of a frame: facts, and the waits that made something of it', async ({ viewer }) => {
  await viewer.open(sampleLines);
  await viewer.row('subscribed').click();

  await expect(viewer.details.getByRole('heading', { level: 2 })).toHaveText('↓ Received text #1');
  expect(await viewer.details.locator('.facts > div').allTextContents()).toEqual([
    'Connectionorders',
    'Time+34.4 ms, 13.4 ms after the frame before it, 09:30:00.034 UTC',
    'Size40 B',
    'Message#1 of its connection',
    'Claimed bytoReceiveMessage, orders.spec.ts:12',
    'Answersthe message sent at +21.0 ms of orders after 13.4 ms',
  ]);
  await viewer.details.getByRole('button', { name: 'the message sent' }).click();
  await expect(viewer.details.getByText('Answered by#1 of orders after 13.4 ms')).toBeVisible();
  await expect(viewer.row('subscribe"')).toHaveAttribute('aria-selected', 'true');
});

test('tree, text and hex of a JSON message', async ({ viewer }) => {
  const text = '{"id":9007199254740993,"deep":{"list":[{"a":{"b":null}}]},"name":"Ünï","ok":true,"none":[]}';
  await viewer.open([connection(), frame(1, { text }), frame(2, { text: '{"next":1}' })]);
  await viewer.row('Ünï').click();
  const tree = viewer.details.locator('.tree');

  // A number that JavaScript cannot hold keeps its digits.
  await expect(tree.locator('> details > .leaf')).toHaveText([
    'id: 9007199254740993',
    'name: "Ünï"',
    'ok: true',
    'none: []',
  ]);
  await tree.getByText('list:').click();
  await expect(tree.getByText('b: null')).toBeHidden();
  await tree.getByText('list:').click();
  await expect(tree.getByText('b: null')).toBeVisible();

  await viewer.details.getByRole('tab', { name: 'Text' }).click();
  await expect(viewer.details.locator('pre')).toHaveText(text);

  // The next frame opens with the tab that was chosen last.
  await viewer.row('next').click();
  await expect(viewer.details.locator('pre')).toHaveText('{"next":1}');

  await viewer.details.getByRole('tab', { name: 'Hex' }).click();
  await expect(viewer.details.locator('pre')).toHaveText(
    '00000000  7b 22 6e 65 78 74 22 3a  31 7d                    {"next":1}\n',
    { useInnerText: true },
  );
});

test('details of bytes, of a masked and of a cut payload', async ({ viewer }) => {
  await viewer.open([
    connection(),
    frame(1, { opcode: 'binary', base64: Buffer.from([0, 1, 254, 65]).toString('base64') }),
    frame(2, { text: 'a b', base64: Buffer.from([97, 0xff, 98]).toString('base64'), size: 3 }),
    frame(3, { text: '"token=***"', masked: true, cut: 12_345, size: 12_356 }),
    frame(4, { opcode: 'close', size: 2, code: 1001, reason: '' }),
  ]);
  await viewer.row('binary').click();
  await expect(viewer.details.getByRole('tab')).toHaveText(['Hex']);
  await expect(viewer.details.locator('pre')).toHaveText(/^00000000 {2}00 01 fe 41 +\.{3}A/);

  await viewer.row('a b').click();
  await expect(viewer.details.getByText('Encodingnot valid UTF-8: Hex shows the bytes as they were')).toBeVisible();
  await viewer.details.getByRole('tab', { name: 'Hex' }).click();
  await expect(viewer.details.locator('pre')).toHaveText(/^00000000 {2}61 ff 62/);

  await viewer.row('token').click();
  expect(fieldsOf(await viewer.details.locator('.facts > div').allTextContents()).slice(2)).toEqual([
    'Size12 kB, 12 356 B',
    'Message#3 of its connection',
    'Maskedsecrets in it are replaced by ***',
    'Left outthe last 12 345 B are not in this page',
  ]);

  await viewer.row('1001').first().click();
  await expect(viewer.details.getByText('Close code1001 Going away')).toBeVisible();
});

test('details of a connection: both sides of the handshake, who closed and how, the command that repeats it', async ({
  viewer,
}) => {
  await viewer.open(sampleLines);
  await viewer.page.getByRole('button', { name: 'orders', exact: true }).click();

  expect(fieldsOf(await viewer.details.locator('.facts').first().locator('> div').allTextContents())).toEqual([
    'URLws://127.0.0.1:4040/orders',
    'Made atorders.spec.ts:7',
    'Began+0.00 ms, 09:30:00.000 UTC',
    'Opened+8.00 ms: 101 Switching Protocols',
    'Closed+5 240 ms: 4001 "kicked", by the server',
    'Cleanyes: close frames went both ways',
    'Frames1 sent, 7 received',
  ]);
  await expect(viewer.details.locator('pre')).toHaveText(
    "wscat -c ws://127.0.0.1:4040/orders -s orders.v1 -s orders.v2 -H 'cookie: ***'",
  );
  await expect(viewer.details.getByRole('table').nth(0)).toContainText('sec-websocket-protocolorders.v1, orders.v2');
  await expect(viewer.details.getByRole('table').nth(1)).toContainText('upgradewebsocket');

  await viewer.page.getByRole('button', { name: 'admin', exact: true }).click();
  await expect(viewer.details.getByText('Answer401 Unauthorized, refused')).toBeVisible();
  await expect(viewer.details.locator('pre').last()).toHaveText('{"error":"missing token"}');
});

test('details of a wait: what it expected, of which message, and links to the frames', async ({ viewer }) => {
  await viewer.open(sampleLines);
  await viewer.page.getByRole('button', { name: /^toReceiveMessage/ }).click();

  expect(fieldsOf(await viewer.details.locator('.facts > div').allTextContents())).toEqual([
    'Assertionorders.spec.ts:21',
    'Callexpect(client).toReceiveMessage(expected)',
    'Connectionsorders',
    'Outcometimed out after 5 000 ms',
    'Began+235.0 ms',
    'Ended+5 235 ms',
    'Timeout5 000 ms',
    'Claimednothing',
    'Nearest#2 of orders',
  ]);
  await expect(viewer.details.getByRole('heading', { level: 3 })).toHaveText(['Expected', 'Where', 'Nearest']);
  await expect(viewer.details.locator('pre')).toHaveText([
    '{"type": "order.updated", "id": 42, "status": "PAID"}',
    '{"type": "order.updated"}',
    /^\{"type":"order\.updated","id":42,"status":"PENDING"/,
  ]);
  await expect(viewer.list.locator('[aria-selected=true]')).toHaveText(/timed out after/);

  await viewer.details.getByRole('button', { name: '#2 of orders' }).click();
  await expect(viewer.details.getByRole('heading', { level: 2 })).toHaveText('↓ Received text #2');
});

test('details of an HTTP request, of a finding and of a note', async ({ viewer }) => {
  await viewer.open(sampleLines);
  // The page opens with what went wrong first.
  await expect(viewer.details).toHaveText(
    '✗ Unexpected closeLineorders.spec.ts:7Effectfails the testorders closed with 4001 "kicked", by the server',
  );
  await viewer.page.getByRole('button', { name: /Never called/ }).click();
  await expect(viewer.details).toContainText('Effectnone: the test had failed already');

  await viewer.row('POST /api').click();
  expect(await viewer.details.locator('.facts > div').allTextContents()).toEqual([
    'Status200 OK',
    'Made bythe test',
    'Began+210.0 ms',
    'Ended+234.0 ms',
    'Duration24.0 ms',
  ]);
});

test('copies a payload, a line, and the command of a connection', async ({ viewer }) => {
  await viewer.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const line = frame(1, { text: '{"a":\u202E1}' });
  await viewer.open([connection({ handshake: handshake({ requestHeaders: { 'x-tenant': "o'hara" } }) }), line]);
  await viewer.row('"a"').click();
  const copied = async (button: string): Promise<string> => {
    await viewer.details.getByRole('button', { name: button }).click();
    await expect(viewer.message).toHaveText('Copied');
    return viewer.page.evaluate(() => navigator.clipboard.readText());
  };

  expect(await copied('Copy payload')).toBe('{"a":\u202E1}');
  expect(await copied('Copy as JSON line')).toBe(JSON.stringify(line));
  await viewer.page.getByRole('button', { name: 'orders', exact: true }).click();
  expect(await copied('Copy wscat command')).toBe("wscat -c ws://127.0.0.1:4040/orders -H 'x-tenant: o'\\''hara'");
});

test('copies without the clipboard of the browser', async ({ viewer }) => {
  await viewer.open([connection(), frame(1), wait({ claimed: [1] })]);
  await viewer.page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await viewer.row('"n"').click();
  await viewer.details.getByRole('button', { name: 'Copy payload' }).click();
  await expect(viewer.message).toHaveText('Copied');

  await viewer.search.focus();
  await viewer.page.keyboard.press('ControlOrMeta+v');
  await expect(viewer.search).toHaveValue('{"n":1}');
});
