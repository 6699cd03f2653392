import type { Duplex } from 'node:stream';
import { Aedes } from 'aedes';
import { connectAsync, type MqttClient } from 'mqtt';
import { createWebSocketStream, type WebSocket } from 'ws';
import { expect, test as base, type WebSockets } from '../../src/index.ts';
import { startSocketServer } from './socket-server.ts';

/** An MQTT broker behind WebSockets. */
interface Broker {
  connect(ws: WebSockets): Promise<MqttClient>;
}

const test: ReturnType<typeof base.extend<{ broker: Broker }>> = base.extend<{ broker: Broker }>({
  broker: async ({}, use) => {
    const aedes = await Aedes.createBroker();
    const server = await startSocketServer();
    server.webSocketServer.on('connection', (socket, request) => {
      aedes.handle(packetStream(socket), request);
    });
    const clients: MqttClient[] = [];
    await use({
      async connect(ws) {
        const client = await connectAsync(server.url, {
          forceNativeWebSocket: true,
          createWebsocket: (url, protocols) => new ws.WebSocket(url, protocols),
        });
        clients.push(client);
        return client;
      },
    });
    await server.close();
    for (const client of clients) client.end(true);
    await new Promise<void>((resolve) => aedes.close(resolve));
  },
});

/** First bytes of the packets, MQTT 3.1.1 section 2.2: type and flags. */
const packets = { connect: 0x10, publish: 0x30, subscribe: 0x82, subAck: 0x90, disconnect: 0xe0 } as const;
const connAck = Buffer.from([0x20, 2, 0, 0]);

test('the packets of mqtt are binary frames of a client of the test', async ({ broker, ws }) => {
  const client = await broker.connect(ws);
  const received = new Promise<[topic: string, payload: string]>((resolve) => {
    client.on('message', (topic, payload) => resolve([topic, payload.toString()]));
  });
  await client.subscribeAsync('orders/+');
  await client.publishAsync('orders/42', 'PAID');
  expect(await received).toEqual(['orders/42', 'PAID']);

  const [socket] = ws.clients;
  await expect(socket).toHaveSubprotocol('mqtt');
  await expect(socket).toReceiveMessages([connAck, startsWith(packets.subAck), startsWith(packets.publish)]);
  for (const packet of [packets.connect, packets.subscribe, packets.publish]) {
    await expect(socket).toHaveSentMessage(startsWith(packet));
  }
  expect(new Set([...socket.frames].map(({ opcode }) => opcode))).toEqual(new Set(['binary']));
  await client.endAsync();
  await expect(socket).toHaveSentMessage(startsWith(packets.disconnect));
  await expect(socket).toBeClosed({ by: 'client' });
});

test('an mqtt client that is left is closed with the test', async ({ broker, ws }) => {
  await broker.connect(ws);

  await expect(ws.clients[0]).toReceiveMessage(connAck);
});

/** Sends what the broker writes in one go, a packet, as one message; by itself the stream sends each part of it. */
function packetStream(socket: WebSocket): Duplex {
  return createWebSocketStream(socket, {
    writev: (parts, done) => socket.send(Buffer.concat(parts.map(({ chunk }) => chunk)), done),
  });
}

function startsWith(byte: number): (message: { bytes: Buffer }) => boolean {
  return ({ bytes }) => bytes[0] === byte;
}
