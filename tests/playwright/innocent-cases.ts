export const connectSilent: string = `const client = await ws.connect('/silent');`;

/** Title -> a test that ends without a finding. */
export const innocent: Readonly<Record<string, string>> = {
  'a close with 1000 by the server': `const client = await ws.connect('/close');
  await client.send('1000');
  await client.closed;`,
  'a close with 1001 by the server': `const client = await ws.connect('/close');
  await client.send('1001');
  await client.closed;`,
  'a close without a code': `const client = await ws.connect('/close-bare');
  await client.send('go');
  expect((await client.closed).code).toBe(1005);`,
  'an own close with 4000': `${connectSilent}
  await client.close(4000, 'enough');`,
  'a terminated client': `${connectSilent}
  client.terminate();
  await client.closed;`,
  'a client that is still open': connectSilent,
  'a close covered by toBeClosed': `const client = await ws.connect('/close');
  await client.send('4001');
  await expect(client).toBeClosed({ code: 4001 });`,
  'a close covered by waitForClose': `const client = await ws.connect('/vanish');
  await client.send('go');
  await client.waitForClose();`,
  'a close that reconnect recovered': `const client = await ws.connect('/vanish', { reconnect: { delay: 0 } });
  const opened = new Promise((resolve) => client.once('reconnect', resolve));
  await client.send('go');
  await opened;`,
  'a gap that the end of the test ends': `const client = await ws.connect('/vanish', { reconnect: { delay: 60_000 } });
  await client.send('go');
  while (client.readyState === 1) await new Promise((resolve) => setImmediate(resolve));`,
  'an optional handler and an optional timeout': `${connectSilent}
  client.on('message', () => {}, { optional: true });
  client.setTimeout(() => {}, 60_000, { optional: true });`,
  'a handler that was taken away': `${connectSilent}
  client.on('message', () => {})();
  client.setTimeout(() => {}, 60_000)();`,
  'handlers of other events that were not called': `${connectSilent}
  for (const event of ['ping', 'pong', 'close', 'error'] as const) client.on(event, () => {});`,
  'a refusal that rejects asserts': `await expect(ws.connect('/refuse')).rejects.toThrow('401 Unauthorized');`,
  'a refusal that is caught as a value': `const error = await ws.connect('/refuse').catch((reason) => reason);
  expect(error.status).toBe(401);`,
  'a refused handshake': `const { status } = await ws.handshake('/refuse');
  expect(status).toBe(401);`,
  'a handshake without an answer': `await expect(ws.handshake('ws://127.0.0.1:1/')).rejects.toThrow('Cannot connect');`,
  'a violation that is only recorded': `const validate = () => ({ issues: [{ message: 'unknown' }] });
  const schema = { '~standard': { version: 1 as const, vendor: 'own', validate } };
  const client = await ws.connect('/greet', { schema, onInvalidMessage: 'record' });
  await expect(client).toReceiveMessage(/hello/);`,
  'a failed send that was awaited': `${connectSilent}
  await client.close();
  await expect(client.send('late')).rejects.toThrow('Cannot send on "/silent"');`,
  // Handlers and timers that send or ping are cut off by the end of their test, or by our own close.
  'an interval of pings that the end of the test cuts off': `const client = await ws.connect('/echo');
  client.setInterval(() => client.ping(), 1);
  client.setInterval(() => { void client.ping(); }, 1);
  await client.stay(20);`,
  'an interval of sends that the close of the test cuts off': `const client = await ws.connect('/echo');
  client.setInterval(() => client.send('beat'), 1);
  client.setTimeout(() => client.close(), 20);
  await expect(client).toBeClosed({ by: 'client' });`,
  'a handler that answers while the client closes': `const client = await ws.connect('/echo');
  client.on('message', () => client.send('again'));
  await client.send('once');
  await expect(client).toReceiveMessage('again');`,
};

/** Kind -> a test that would leave a finding of it, with `options` of connect that switch it off. */
export const switchable: Readonly<Record<string, string>> = {
  pendingWait: `const client = await ws.connect('/silent', options);
  void client.waitForMessage('a');`,
  unawaitedFailure: `const client = await ws.connect('/silent', options);
  await client.close();
  void client.send('late');`,
  uncalledHandler: `const client = await ws.connect('/silent', options);
  client.on('message', () => {});
  client.setTimeout(() => {}, 60_000);`,
  handlerError: `const client = await ws.connect('/echo', options);
  client.on('message', () => { throw new Error('thrown'); });
  await client.request('1', '1');`,
  unexpectedClose: `const client = await ws.connect('/close', options);
  await client.send('4001');
  await client.closed;`,
  protocolError: `const client = await ws.connect('/break', options);
  await client.send('go');
  await client.closed;`,
  invalidMessage: `const validate = () => ({ issues: [{ message: 'unknown' }] });
  const schema = { '~standard': { version: 1 as const, vendor: 'own', validate } };
  const client = await ws.connect('/greet', { schema, ...options });
  await expect(client).toReceiveMessage(/hello/);`,
};
