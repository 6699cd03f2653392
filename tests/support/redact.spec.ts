import { isSecretName, maskUrl } from '../../src/support/redact.ts';
import { expect, test } from '../helpers/test.ts';

for (const [url, masked] of [
  ['ws://h/a?room=1', 'ws://h/a?room=1'],
  ['ws://h/?token=abc&room=1', 'ws://h/?token=***&room=1'],
  ['ws://h/?a=1&access_token=abc#x', 'ws://h/?a=1&access_token=***#x'],
  ['ws://h/?accessToken=a%26b', 'ws://h/?accessToken=***'],
  ['ws://h/?x%2Dapi-key=abc', 'ws://h/?x%2Dapi-key=***'],
  ['ws://h/?%zz=1&key=abc', 'ws://h/?%zz=1&key=***'],
  ['ws://h/?token=', 'ws://h/?token='],
  ['ws://me:pass@h/', 'ws://me:***@h/'],
  ['ws://me@h/', 'ws://me@h/'],
  ['/a?sig=abc', '/a?sig=***'],
] as const) {
  test(`${url} is shown as ${masked}`, () => {
    expect(maskUrl(url)).toBe(masked);
  });
}

for (const name of [
  'token',
  'id_token',
  'apikey',
  'api-key',
  'X-API-Key',
  'secret',
  'client_secret',
  'password',
  'passphrase',
  'auth',
  'Authorization',
  'signature',
  'sessionId',
  'jwt',
  'Cookie',
  'Set-Cookie',
]) {
  test(`"${name}" names a secret`, () => {
    expect(isSecretName(name)).toBe(true);
  });
}

for (const name of ['room', 'author', 'monkey', 'keyboard', 'design', 'compass', 'tokens_used', 'page']) {
  test(`"${name}" names no secret`, () => {
    expect(isSecretName(name)).toBe(false);
  });
}
