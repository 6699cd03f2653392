import type { PlaywrightWorkerArgs, PlaywrightWorkerOptions, TestType } from '@playwright/test';
import { connect, type ConnectOptions, type WebSocketClient } from '../../src/client.ts';
import type { ServerConnection } from '../helpers/server-connection.ts';
import { test as base } from '../helpers/test.ts';

/** Both ends of one connection. */
export interface Pair {
  readonly client: WebSocketClient;
  readonly peer: ServerConnection;
}

export interface ClientFixtures {
  /** Connects to `server`, on the path `/orders` unless there is a name; the client is closed after the test. */
  readonly open: (options?: ConnectOptions) => Promise<Pair>;
}

type BaseTest = typeof base extends TestType<infer Args, infer WorkerArgs> ? [Args, WorkerArgs] : never;

/** The helpers' `test` with clients made by `connect`, outside of the fixtures of the package. */
export const test: TestType<BaseTest[0] & ClientFixtures, PlaywrightWorkerArgs & PlaywrightWorkerOptions> =
  base.extend<ClientFixtures>({
    open: async ({ server }, use) => {
      const clients: WebSocketClient[] = [];
      await use(async (options) => {
        const client = await connect(`${server.url}/orders`, options);
        clients.push(client);
        return { client, peer: await server.nextConnection() };
      });
      await Promise.all(clients.map((client) => client.close()));
    },
  });

export { expect } from '../../src/playwright/expect.ts';

/** Calls a matcher that the types do not offer. */
export async function callMatcher(assertions: unknown, name: string, given: readonly unknown[]): Promise<void> {
  const matcher: unknown = Reflect.get(Object(assertions), name);
  if (typeof matcher !== 'function') throw new Error(`Expected a matcher ${name}`);
  await Reflect.apply(matcher, assertions, [...given]);
}
