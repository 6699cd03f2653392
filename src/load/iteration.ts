import type { Connection } from '../connection/connection.ts';
import type { ConnectionSettings } from '../connection/connection-settings.ts';
import type { Finding } from '../connection/findings.ts';
import { silentObserver } from '../connection/observer.ts';
import type { WaitRecord } from '../connection/wait-record.ts';
import { responseTime } from '../metrics/measure.ts';
import { Registry } from '../connection/registry.ts';
import { endStays } from '../connection/stay-connected.ts';
import type { Redactor } from '../support/redactor.ts';
import { errorMessage, WebSocketError } from '../support/errors.ts';
import { ManagedUser, type UserContext, type VirtualUser } from './virtual-user.ts';

/** What a virtual user does, again and again. */
export type Scenario = (vu: VirtualUser) => unknown;

/** How an iteration ended. An interrupted one was ended by the run and is no failure. */
export type IterationOutcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly error: Error };

/** One iteration of one user, with connections of its own. */
export class Iteration {
  readonly registry: UserRegistry;
  readonly #user: Pick<VirtualUser, 'id' | 'iteration'>;
  readonly #context: UserContext;
  readonly #leave = new AbortController();
  #interrupt: () => void = () => {};

  constructor(user: Pick<VirtualUser, 'id' | 'iteration'>, context: UserContext, redactor: Redactor) {
    this.#user = user;
    this.#context = context;
    this.registry = new UserRegistry(user, { context, redactor });
  }

  /** Runs the scenario, closes what it opened and judges what it left. Never rejects. */
  async run(scenario: Scenario): Promise<IterationOutcome> {
    const vu = new ManagedUser(this.#user, this.#context, { registry: this.registry, signal: this.#leave.signal });
    const interrupted = new Promise<IterationOutcome>((resolve) => {
      this.#interrupt = () => resolve({ kind: 'interrupted' });
    });
    const outcome = await Promise.race([attempt(scenario, vu), interrupted]);
    const isStopped = outcome.kind === 'failed' && this.#isStop(outcome.error);
    const findings = await this.#end();
    if (isStopped) return { kind: 'interrupted' };
    if (outcome.kind !== 'passed' || findings.length === 0) return outcome;
    return { kind: 'failed', error: findingsError(findings) };
  }

  /** Lets `stay` return. */
  leave(): void {
    this.#leave.abort();
    for (const connection of this.registry.connections) endStays(connection);
  }

  /** Ends it now: waits end, connections are terminated. */
  interrupt(): void {
    this.leave();
    this.#interrupt();
    for (const connection of this.registry.connections) connection.closing.terminate();
  }

  /** Whether a scenario that was told to stop did so by an error: of its signal, or of what it gave its signal to. */
  #isStop(error: Error): boolean {
    const { signal } = this.#leave;
    if (!signal.aborted) return false;
    const { connections, waits } = this.registry;
    return (
      [error, error.cause].includes(signal.reason) ||
      waits.some(({ outcome }) => outcome?.kind === 'aborted' && outcome.reason === signal.reason) ||
      connections.some(({ settings }) => settings.signal === signal)
    );
  }

  async #end(): Promise<Finding[]> {
    const unawaited = this.registry.settle('finished');
    await this.registry.close();
    // Who still stays is awaited by nobody.
    this.#leave.abort(hasEnded);
    return [...unawaited, ...this.registry.judge()];
  }
}

/** Made once: nobody is left to whom its stack would say anything. */
const hasEnded = new Error('The iteration has ended');

/** Waits that the evidence of a failed iteration has at least. */
const keptWaits = 100;

/** Connections of one iteration: each is told apart from those of other users and iterations by its name. */
class UserRegistry extends Registry {
  readonly #user: string;
  readonly #context: UserContext;
  readonly #names = new Map<string, number>();
  readonly #clients = new Map<string, string>();

  constructor(
    { id, iteration }: Pick<VirtualUser, 'id' | 'iteration'>,
    { context, redactor }: { readonly context: UserContext; readonly redactor: Redactor },
  ) {
    super({ owner: 'iteration', isJudged: true, redactor }, silentObserver);
    this.#user = iteration === 0 ? `user ${id}` : `user ${id}, iteration ${iteration}`;
    this.#context = context;
  }

  /** `/chat (user 3)`, `/chat 2 (user 3)`, `/chat (user 3, iteration 1)`. */
  override uniqueName(wanted: string): string {
    const count = (this.#names.get(wanted) ?? 0) + 1;
    this.#names.set(wanted, count);
    const client = count === 1 ? wanted : `${wanted} ${count}`;
    const name = `${client} (${this.#user})`;
    this.#clients.set(name, client);
    return name;
  }

  /** Its waits are counted as they end, and the newest are kept: one iteration may send a million requests. */
  override waitEnded(record: WaitRecord): void {
    const sample = responseTime(record);
    if (sample !== undefined) this.#context.replied(record.connections[0], sample);
    super.waitEnded(record);
    if (this.waits.length >= 2 * keptWaits) this.waits.splice(0, keptWaits);
  }

  override create(settings: ConnectionSettings): Connection {
    const connection = super.create(settings);
    const client = this.#clients.get(settings.name) ?? settings.name;
    this.#context.created(connection, this.redactor.text(client));
    return connection;
  }
}

async function attempt(scenario: Scenario, vu: VirtualUser): Promise<IterationOutcome> {
  try {
    await scenario(vu);
    return { kind: 'passed' };
  } catch (error) {
    return { kind: 'failed', error: error instanceof Error ? error : new Error(errorMessage(error)) };
  }
}

/** What an iteration left, as one error at the line of the first. */
function findingsError(findings: readonly Finding[]): Error {
  const [first] = findings;
  const list = findings.map(({ text }) => text).join('\n');
  const error = new WebSocketError('WS_FINDINGS', `The iteration ended, and ${list}`);
  return first.site?.applyTo(error) ?? error;
}
