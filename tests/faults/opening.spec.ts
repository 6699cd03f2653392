import { test } from '@playwright/test';
import { closedPort } from '../helpers/listening.ts';
import { atOnce, fault, stated, within } from './matrix.ts';
import { rejection } from './scene.ts';

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'Nobody listens on the port',
      gets: {
        connect: stated(
          'HandshakeError',
          'WS_HANDSHAKE_FAILED',
          'Cannot connect to "ws://127.0.0.1:PORT/": connect ECONNREFUSED 127.0.0.1:PORT',
          '  Check that the server runs, for example with `webServer` in the Playwright config, and its host and port.',
        ),
      },
      within: atOnce,
    },
    async ({ ws }) => ({ connect: await rejection(ws.connect(`ws://127.0.0.1:${await closedPort()}`)) }),
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The server takes the connection and says nothing',
      gets: {
        connect: stated(
          'HandshakeError',
          'WS_HANDSHAKE_TIMEOUT',
          'Cannot connect to "ws://127.0.0.1:PORT/": the opening handshake did not end within 300 ms',
          "  It was waiting for the server's answer.",
          '  Check that a WebSocket server answers at this URL, or raise { timeout }.',
        ),
      },
      within: within('`timeout`', 300),
    },
    async ({ startRawServer, ws }) => ({
      connect: await rejection(ws.connect((await startRawServer()).url, { timeout: 300 })),
    }),
  ),
);
