/* oxlint-disable unicorn/prefer-add-event-listener -- code of k6 sets the on… attributes */
import { expect, test as base } from '../../src/index.ts';
import { startExampleServer } from '../helpers/example-server.ts';

const test: ReturnType<typeof base.extend<{ url: string }>> = base.extend<{ url: string }>({
  url: async ({}, use) => {
    const server = await startExampleServer();
    await use(server.url);
    await server.stop();
  },
});

// The example of k6's document on its experimental WebSocket API, with shorter times and without console.
test('the chat example of k6 runs as it stands', async ({ url, ws }) => {
  const { WebSocket } = ws;
  const __VU = 1;
  const log: string[] = [];
  const chatRoomName = 'publicRoom'; // choose any chat room name
  const sessionDuration = randomIntBetween(80, 120); // user session

  for (let i = 0; i < 4; i++) {
    startWSWorker(i);
  }

  function startWSWorker(id: number): void {
    // create a new websocket connection
    const socket = new WebSocket(`${url}/chat/${chatRoomName}/`);

    socket.addEventListener('open', () => {
      // change the user name
      socket.send(JSON.stringify({ event: 'SET_NAME', new_name: `Croc ${__VU}:${id}` }));

      // listen for messages/errors and log them
      socket.addEventListener('message', (e) => {
        const msg = JSON.parse(e.data);
        if (msg.event === 'CHAT_MSG') {
          log.push(`VU ${__VU}:${id} received: ${msg.user} says: ${msg.message}`);
        } else if (msg.event === 'ERROR') {
          log.push(`VU ${__VU}:${id} received:: ${msg.message}`);
        } else {
          log.push(`VU ${__VU}:${id} received unhandled message: ${msg.message}`);
        }
      });

      // send a message every 10-20 milliseconds
      const intervalId = setInterval(
        () => {
          socket.send(JSON.stringify({ event: 'SAY', message: `I'm saying ${randomString(5)}` }));
        },
        randomIntBetween(10, 20),
      ); // say something every 10-20 milliseconds

      // after a sessionDuration stop sending messages and leave the room
      const timeout1id = setTimeout(() => {
        clearInterval(intervalId);
        log.push(`VU ${__VU}:${id}: ${sessionDuration}ms passed, leaving the chat`);
        socket.send(JSON.stringify({ event: 'LEAVE' }));
      }, sessionDuration);

      // after a sessionDuration + 30ms close the connection
      const timeout2id = setTimeout(() => {
        log.push('Closing the socket forcefully 30ms after graceful LEAVE');
        socket.close();
      }, sessionDuration + 30);

      // when connection is closing, clean up the previously created timers
      socket.addEventListener('close', () => {
        clearTimeout(timeout1id);
        clearTimeout(timeout2id);
        log.push(`VU ${__VU}:${id}: disconnected`);
      });
    });
  }

  // What k6 cannot say: each of them was in the room, spoke, left, and closed.
  await expect([...ws.clients]).toBeClosed({ by: 'client', wasClean: true });
  expect(ws.clients.length).toBe(4);
  for (const [id, client] of ws.clients.entries()) {
    await expect(client).toHaveReceivedMessage({ event: 'CHAT_MSG', user: `Croc 1:${id}` });
    await expect(client).toHaveReceivedMessage({ event: 'LEFT', user: `Croc 1:${id}` });
    await expect(client).not.toHaveReceivedMessage({ event: 'ERROR' });
  }
  expect(log.filter((line) => line.endsWith(': disconnected'))).toHaveLength(4);
});

test('params, ping and pong of k6 work', async ({ url, ws }) => {
  const params = { headers: { 'X-MyHeader': 'k6test' }, tags: { k6test: 'yes' } };
  const socket = new ws.WebSocket(`${url}/chat/publicRoom/`, null, params);
  const pongs: string[] = [];
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => socket.ping();
  socket.onpong = ({ type }) => {
    pongs.push(type);
    socket.close();
  };

  await expect(socket).toBeClosed({ by: 'client' });
  expect(pongs).toEqual(['pong']);
});

function randomIntBetween(min: number, max: number): number {
  return Math.floor(Math.random() * (max - min + 1) + min);
}

function randomString(length: number): string {
  return Array.from({ length }, () => String.fromCodePoint(randomIntBetween(97, 122))).join('');
}
