import type { Connection } from '../../src/connection/connection.ts';
import type { MessageOrder } from '../../src/connection/selection.ts';
import {
  waitForOneMessage,
  waitForSeveralMessages,
  type ArrivalOptions,
  type MessageWait,
} from '../../src/connection/wait-for-messages.ts';
import type { MessageWaitOptions } from '../../src/connection/wait-options.ts';
import { Wait, type WaitSettings } from '../../src/connection/waits.ts';
import { QuietWatch } from '../../src/connection/watch-quiet.ts';
import type { Position } from '../../src/frames/mark.ts';
import { compiled } from './test-client.ts';

/** Starts a wait for one message on each connection, as `toReceiveMessage` does. */
export function waitForOne(
  connections: readonly Connection[],
  expected: unknown,
  options: MessageWaitOptions & ArrivalOptions = {},
): MessageWait {
  return waitForOneMessage(settings(connections, options), compiled(expected), options);
}

/** Starts a wait for several messages on each connection, as `toReceiveMessages` does. */
export function waitForSeveral(
  connections: readonly Connection[],
  expected: readonly unknown[],
  options: { order?: MessageOrder; timeout?: number; signal?: AbortSignal; after?: Position } = {},
): MessageWait {
  const expectations = expected.map((one) => compiled(one));
  return waitForSeveralMessages(settings(connections, options), expectations, {
    after: options.after,
    order: options.order,
  });
}

/** Starts to wait until nothing that meets it came until the signal, as `not.toReceiveMessage` does until its deadline. */
export function waitForSilence(connection: Connection, unwanted: unknown): Wait {
  const watch = new QuietWatch({ expectation: compiled(unwanted), after: undefined, fence: undefined });
  return Wait.start(settings([connection], {}), watch);
}

function settings(
  connections: readonly Connection[],
  { signal, timeout = 0 }: { signal?: AbortSignal | undefined; timeout?: number | undefined },
): WaitSettings {
  return { method: 'toReceive', call: 'expect(client).toReceive()', site: undefined, connections, timeout, signal };
}
