// product.md, "Secrets".
import fc from 'fast-check';

import { ManagedClient } from '../../src/connection/managed-client.ts';
import type { Observer, StepFacts } from '../../src/connection/observer.ts';
import { Registry } from '../../src/connection/registry.ts';
import { HandshakeError } from '../../src/support/errors.ts';
import type { RedactOptions } from '../../src/support/redact-options.ts';
import { Redactor } from '../../src/support/redactor.ts';
import { createTestConnection, FakeWire, receive, testHandshake } from '../helpers/fake-wire.ts';
import { expect, test } from '../helpers/test.ts';
import { everythingWritten, leaks } from './written.ts';

/** What a test does with a secret. */
interface Place {
  readonly secret: fc.Arbitrary<string>;
  readonly redact?: (secret: string) => RedactOptions;
  /** Headers of the handshake that is asked for. */
  readonly headers?: (secret: string) => Record<string, string>;
  readonly answer?: (secret: string) => Record<string, string>;
  readonly url?: (secret: string) => string;
  readonly options?: (secret: string) => Parameters<Redactor['learnOptions']>[1];
  /** A message that the server sends. */
  readonly message?: (secret: string) => unknown;
}

/** Begins and ends with what no other text has. */
function secretOf(characters: string): fc.Arbitrary<string> {
  const inner = fc.string({ unit: fc.constantFrom(...Array.from(characters)), minLength: 2, maxLength: 30 });
  return fc
    .tuple(fc.integer({ min: 0x1000_0000, max: 0xffff_ffff }), inner)
    .map(([number, text]) => `zq${number.toString(16)}${text}qz`);
}

const token = secretOf('abcXYZ019._-~');
const header = secretOf('abcXYZ019._-~+/=!#$%&*()[]{}<>?@^`|:');
const anything = secretOf('aZ09 "\\/{}[]()<>&?=+%#;,:.\'`$äß€漢😀\u00ad\t');

const at = (path: readonly string[], value: unknown): unknown =>
  path.reduceRight<unknown>((inner, key) => ({ before: 1, [key]: inner, after: ['x'] }), value);

const places: Readonly<Record<string, Place>> = {
  'a query parameter': { secret: anything, url: (secret) => `?${new URLSearchParams({ id: '1', token: secret })}` },
  'a configured query parameter': {
    secret: anything,
    url: (secret) => `?${new URLSearchParams({ room_pin: secret })}`,
    redact: () => ({ params: ['Room_Pin'] }),
  },
  'the password of a URL': { secret: token, url: (secret) => `//user:${secret}@127.0.0.1/orders` },
  'a bearer token': { secret: header, headers: (secret) => ({ authorization: `Bearer ${secret}` }) },
  'basic credentials': {
    secret: anything,
    headers: (secret) => ({ authorization: `Basic ${Buffer.from(`jane:${secret}`).toString('base64')}` }),
  },
  'an API key': { secret: header, headers: (secret) => ({ 'x-api-key': secret }) },
  'a configured header': {
    secret: header,
    headers: (secret) => ({ 'x-tenant': secret }),
    redact: () => ({ headers: ['X-Tenant'] }),
  },
  'a cookie that was sent': { secret: token, headers: (secret) => ({ cookie: `theme=x; id=${secret}; b=1` }) },
  'a cookie that was set': {
    secret: anything,
    answer: (secret) => ({ 'set-cookie': `a=1; Path=/\nid=${encodeURIComponent(secret)}; HttpOnly` }),
  },
  'a subprotocol with a token': {
    secret: token,
    headers: (secret) => ({ 'sec-websocket-protocol': `chat, bearer.${secret}` }),
  },
  'a token among the subprotocols': { secret: token, options: (secret) => ({ protocols: ['access_token', secret] }) },
  httpCredentials: {
    secret: anything,
    options: (password) => ({ httpCredentials: { username: 'jane', password } }),
  },
  'the password of a proxy': {
    secret: anything,
    options: (password) => ({ proxy: { server: 'http://127.0.0.1:1', username: 'jane', password } }),
  },
  'the passphrase of a certificate': {
    secret: anything,
    options: (passphrase) => ({ clientCertificates: [{ passphrase }] }),
  },
  'a JSON message': { secret: anything, message: (secret) => ({ type: 'login', accessToken: secret }) },
  'the depth of a JSON message': {
    secret: anything,
    message: (secret) => at(['a', 'b', 'c', 'client_secret'], secret),
  },
  'an object under a secret name': { secret: anything, message: (secret) => ({ credentials: [{ value: secret }] }) },
  'JSON in JSON': { secret: anything, message: (secret) => ({ body: JSON.stringify({ password: secret }) }) },
  'JSON in JSON in JSON': {
    secret: anything,
    message: (secret) => ({ body: JSON.stringify({ deep: JSON.stringify({ password: secret }) }) }),
  },
  'a JSONPath': {
    secret: anything,
    message: (secret) => ({ user: { numbers: [{ iban: secret }] } }),
    redact: () => ({ paths: ['$.user.numbers[*].iban'] }),
  },
  'a pattern': {
    secret: token,
    message: (secret) => `account ${secret} ends`,
    redact: () => ({ patterns: [/zq[\w.~-]+qz/] }),
  },
  'a configured value': { secret: anything, redact: (secret) => ({ values: [secret] }) },
};

/** The secret in every form in which a peer may write it once more. */
function echoes(secret: string): unknown[] {
  return [
    `plain ${secret} text`,
    { note: secret },
    { deep: JSON.stringify({ note: secret }) },
    `/next?a=${encodeURIComponent(secret)}&b=1`,
    `/next?a=${new URLSearchParams([['', secret]]).toString().slice(1)}`,
    { encoded: Buffer.from(secret).toString('base64') },
    Buffer.concat([Buffer.from([0, 255]), Buffer.from(secret), Buffer.from([254])]),
    'x'.repeat(110) + secret,
  ];
}

async function everythingAbout(place: Place, secret: string): Promise<Map<string, string>> {
  const steps: string[] = [];
  const observer: Observer = { step: (facts, running) => (steps.push(describeStep(facts)), running) };
  const redactor = new Redactor(place.redact?.(secret) ?? {});
  const registry = new Registry({ owner: 'test', isJudged: true, redactor }, observer);
  const url = new URL(place.url?.(secret) ?? '', 'ws://127.0.0.1/orders').href;
  const requestHeaders = place.headers?.(secret) ?? {};
  redactor.learnOptions(url, place.options?.(secret) ?? {});

  const { settings } = createTestConnection({ url, isConnecting: true }).connection;
  const connection = registry.create({ ...settings, name: `orders of ${secret}` });
  connection.open(
    new FakeWire(connection, testHandshake({ url, requestHeaders, headers: place.answer?.(secret) ?? {} })),
  );
  const client = new ManagedClient(connection, registry);
  const errors: unknown[] = [];
  if (place.message !== undefined) receive(connection, place.message(secret));
  for (const echo of echoes(secret)) receive(connection, echo);
  for (const echo of echoes(secret)) await client.send(echo);
  await client.waitForMessage({ note: `${secret}!` }, { timeout: 1 }).catch((error) => errors.push(error));
  await client.waitForMessage(/x/, { where: { note: `${secret}?` }, timeout: 1 }).catch((error) => errors.push(error));
  await client.waitForMessage(`plain ${secret}`, { timeout: 1 }).catch((error) => errors.push(error));
  await client.waitForMessage(Buffer.from(`\0\xff${secret}!`), { timeout: 1 }).catch((error) => errors.push(error));
  connection.close(4001, Buffer.from(secret));
  await client.send('late').catch((error) => errors.push(error));

  const refused = registry.create({ ...settings, name: 'refused' });
  const handshake = testHandshake({ accepted: false, status: 401, url, requestHeaders, body: Buffer.from(secret) });
  const error = new HandshakeError('WS_HANDSHAKE_REFUSED', `Cannot connect: ${secret}`, {
    handshake,
    cause: new Error(secret),
  });
  const facts = { method: 'connect', title: 'Connect WebSocket', site: settings.site };
  const opening = registry.run(facts, refused, () => refused.start(() => Promise.reject(error)));
  await opening.catch((thrown) => errors.push(thrown));

  const findings = registry.judge();
  const written = await everythingWritten(registry, findings);
  return written.set('steps', steps.join('\n')).set('errors', errors.map((thrown) => describeError(thrown)).join('\n'));
}

function describeStep({ subtitle, title }: StepFacts): string {
  return `${title} ${subtitle?.() ?? ''}`;
}

/** What the host prints of an error. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.message}\n${error.stack}\n${error.cause === undefined ? '' : describeError(error.cause)}`;
}

for (const [name, place] of Object.entries(places)) {
  test(`a secret in ${name} is in nothing that is written`, async () => {
    await fc.assert(
      fc.asyncProperty(place.secret, async (secret) => {
        const written = await everythingAbout(place, secret);
        const found = [...written].map(([what, text]) => [what, leaks(text, secret)]);
        expect(found).toEqual([...written.keys()].map((what) => [what, []]));
      }),
      { numRuns: 6 },
    );
  });
}

test('what is no secret is in everything that is written', async () => {
  const written = await everythingAbout({ secret: fc.constant('') }, 'zq-ordinary-qz');

  const silent = [...written].filter(([, text]) => leaks(text, 'zq-ordinary-qz').length === 0);
  expect(silent.map(([what]) => what)).toEqual(['summary']);
});

test('a short header and a short parameter are masked in their own places', async () => {
  const url = '?room_pin=a1b2';
  const place: Place = {
    secret: fc.constant(''),
    redact: () => ({ headers: ['x-tenant'], params: ['room_pin'] }),
    url: () => url,
    headers: () => ({ 'x-tenant': 'c3d4', authorization: 'e5f6' }),
  };
  const written = await everythingAbout(place, 'zq-ordinary-qz');

  for (const text of written.values()) expect(text).not.toMatch(/a1b2|c3d4|e5f6/);
});
