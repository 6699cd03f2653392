import { once } from 'node:events';
import { buildSchema } from 'graphql';
import { createClient } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { expect, test as base } from '../../src/index.ts';
import { startSocketServer, type SocketServer } from './socket-server.ts';

const schema = buildSchema(`
  type Query { hello: String }
  type Subscription { greetings: String!, silence: String! }
`);

const roots = {
  subscription: {
    async *greetings() {
      for (const greetings of ['Hi', 'Bonjour', 'Hola']) yield { greetings };
    },
    silence: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}), return: end }) }),
  },
};

const test: ReturnType<typeof base.extend<{ graphql: SocketServer }>> = base.extend<{ graphql: SocketServer }>({
  graphql: async ({}, use) => {
    const server = await startSocketServer();
    useServer(
      { schema, roots, onConnect: ({ connectionParams = {} }) => !('token' in connectionParams) },
      server.webSocketServer,
    );
    await use(server);
    await server.close();
  },
});

test('a subscription of graphql-ws is a client of the test', async ({ graphql, ws }) => {
  const client = createClient({ url: graphql.url, webSocketImpl: ws.WebSocket });
  const greetings: unknown[] = [];
  for await (const { data } of client.iterate({ query: 'subscription { greetings }' }))
    greetings.push(data?.['greetings']);
  expect(greetings).toEqual(['Hi', 'Bonjour', 'Hola']);

  const [socket] = ws.clients;
  await expect(socket).toHaveSubprotocol('graphql-transport-ws');
  await expect(socket).toHaveSentMessage({ type: 'subscribe', payload: { query: 'subscription { greetings }' } });
  await expect(socket).toReceiveMessages(
    [
      { type: 'connection_ack' },
      { type: 'next', payload: { data: { greetings: 'Hi' } } },
      { type: 'next', payload: { data: { greetings: 'Bonjour' } } },
      { type: 'next', payload: { data: { greetings: 'Hola' } } },
      { type: 'complete' },
    ],
    { order: 'strict' },
  );
  await expect(socket).toBeClosed({ code: 1000, reason: 'Normal Closure', by: 'client' });
});

test('a subscription of graphql-ws that goes on is closed with the test', async ({ graphql, ws }) => {
  const client = createClient({ url: graphql.url, webSocketImpl: ws.WebSocket });
  const connected = once(graphql.webSocketServer, 'connection');
  client.subscribe({ query: 'subscription { silence }' }, { next: () => {}, error: () => {}, complete: () => {} });
  await connected;

  await expect(ws.clients[0]).toHaveSentMessage({ type: 'subscribe' });
});

test('a connection that the server of graphql-ws refuses is closed with its code', async ({ graphql, ws }) => {
  const client = createClient({
    url: graphql.url,
    webSocketImpl: ws.WebSocket,
    connectionParams: { token: 'stolen' },
    retryAttempts: 0,
  });
  const failure = client.iterate({ query: 'subscription { greetings }' }).next();

  await expect(failure).rejects.toMatchObject({ code: 4403, reason: 'Forbidden' });
  await expect(ws.clients[0]).toBeClosed({ code: 4403, reason: 'Forbidden', by: 'server' });
});

test('graphql-ws reconnects with a further client of the test', async ({ graphql, ws }) => {
  const client = createClient({
    url: graphql.url,
    webSocketImpl: ws.WebSocket,
    retryAttempts: 1,
    retryWait: () => Promise.resolve(),
  });
  const greetings = client.iterate({ query: 'subscription { greetings }' });
  graphql.webSocketServer.once('connection', (socket) => socket.close(1012, 'restart'));

  expect((await greetings.next()).value).toEqual({ data: { greetings: 'Hi' } });
  await expect(ws.clients[0]).toBeClosed({ code: 1012, reason: 'restart', by: 'server' });
  await expect(ws.clients[1]).toReceiveMessage({ type: 'next', payload: { data: { greetings: 'Hi' } } });
});

async function end(): Promise<{ done: true; value: undefined }> {
  return { done: true, value: undefined };
}
