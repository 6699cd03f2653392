/** Checkly's check in our own style. */
const ours = `
import { expect, test } from 'playwright-ws';

const subscription = { action: 'subscribe', channel: 'updates' };

test('matcher', async ({ ws }) => {
  const updates = await ws.connect(process.env.CHECKED_URL);
  await updates.send(subscription);
  await expect(updates).toReceiveMessage(subscription, { timeout: 500 });
});
`;

/** What Checkly's document does with a message: its only assertion is in a \`try\` whose \`catch\` logs. */
const handleMessage = `
  let isFirstMessage = true;
  const handleMessage = (text) => {
    if (isFirstMessage) {
      console.log('First message (non-JSON):', text);
      isFirstMessage = false;
    } else {
      try {
        const message = JSON.parse(text);
        if (message) expect(message).toMatchObject({ action: 'subscribe', channel: 'updates' });
      } catch (error) {
        console.error('Error parsing received message:', error);
      }
    }
  };
`;

/** Ported to handlers of a client. They are there from the first byte on, as those of the document are. */
const clientHandlers = `
import { expect, test } from 'playwright-ws';

test('handlers of a client', async ({ ws }) => {
${handleMessage}
  const client = await ws.connect(process.env.CHECKED_URL, {
    on: {
      message: (message) => handleMessage(message.text),
      error: (error) => console.error('WebSocket error:', error),
      close: () => console.log('WebSocket connection closed.'),
    },
  });
  await client.send(JSON.stringify({ action: 'subscribe', channel: 'updates' }));
  setTimeout(() => client.close(), 100);
  await client.closed;
});
`;

/** Ported to the WHATWG class: only the awaited close was added. */
const socketListeners = `
import { expect, test } from 'playwright-ws';

test('listeners of a socket', async ({ ws: { WebSocket } }) => {
${handleMessage}
  const socket = new WebSocket(process.env.CHECKED_URL);
  socket.addEventListener('open', () => {
    sendMessage(JSON.stringify({ action: 'subscribe', channel: 'updates' }));
    setTimeout(() => socket.close(), 100);
  });
  socket.addEventListener('error', (error) => console.error('WebSocket error:', error));
  socket.addEventListener('message', ({ data }) => handleMessage(data));
  socket.addEventListener('close', () => console.log('WebSocket connection closed.'));
  await new Promise((resolve) => socket.addEventListener('close', resolve));

  function sendMessage(message) {
    if (socket.readyState === WebSocket.OPEN) socket.send(message);
    else console.error('WebSocket is not open. Unable to send message.');
  }
});
`;

/** Checkly's check in three styles: in ours, and as literal ports of its document. */
export const styles: Readonly<Record<string, string>> = {
  'a.spec.ts': ours,
  'b.spec.ts': clientHandlers,
  'c.spec.ts': socketListeners,
};

/** The port to the WHATWG class as the document has it: the test ends while the connection opens. */
export const unawaited: Readonly<Record<string, string>> = {
  'a.spec.ts': socketListeners.replace(/^ *await new Promise.*\n/m, ''),
};
