import type { ReconnectPlan } from '../connection/reconnection.ts';
import { misuse, type CloseInfo } from '../support/errors.ts';
import {
  checkOptions,
  defineOptions,
  describeFound,
  isDuration,
  type OptionsDefinition,
  type Zod,
} from '../support/options.ts';
import type { ConnectOptions } from './connect-options.ts';
import { defaultHandshakeTimeoutMs, openClientWire } from './handshake.ts';
import { handshakeRequest, lookUpCookies, presentHeaders, type CookieOwner } from './handshake-request.ts';
import { secretTransportOptions, transportShape } from './option-shape.ts';
import { mergeOptions, paramEntries, type TransportOptions } from './options.ts';
import { resolveUrl } from './url.ts';

/** What an attempt to reconnect asks for, where it differs from the `connect` call. */
export interface ReconnectTarget extends Pick<TransportOptions, 'cookies' | 'headers' | 'params' | 'protocols'> {
  /** Relative to `baseURL`, or absolute. */
  readonly url?: string | undefined;
}

/** How a connection that was lost is opened again. */
export interface ReconnectOptions {
  /**
   * Attempts in the whole life of the client, the successful ones included, so that a server that accepts and closes
   * again and again ends them. A client of `workerWs` has them anew in each test.
   *
   * @default 10
   */
  readonly maxAttempts?: number | undefined;
  /**
   * Milliseconds before each attempt, or a function of the attempt's number, from 1.
   *
   * @default 100
   */
  readonly delay?: number | ((attempt: number) => number) | undefined;
  /**
   * Called before each attempt: URL, query parameters, headers, cookies or subprotocols that go over those of `connect`,
   * `params` and `headers` by name. May be `async`: a fresh token each time. `false` gives up: the close stands. What it
   * throws fails the test.
   *
   * @default as in `connect`; cookies are looked up afresh
   */
  readonly options?:
    | ((
        attempt: number,
        closeInfo: CloseInfo,
      ) => ReconnectTarget | false | undefined | void | Promise<ReconnectTarget | false | undefined | void>)
    | undefined;
}

const defaultMaxAttempts = 10;
/** 100 ms: a server that restarts is not flooded, and a test does not wait long. */
const defaultDelayMs = 100;

/** Schema of the option, for the definition that has it among others. */
export function reconnectSchema(z: Zod): ReturnType<Zod['unknown']> {
  const options = z.strictObject(
    {
      maxAttempts: z
        .custom((value) => Number.isSafeInteger(value) && Number(value) >= 1, 'a whole number of at least 1')
        .optional(),
      delay: z
        .custom(
          (value) => typeof value === 'function' || isDuration(value),
          `${delayText}, or a function that returns one`,
        )
        .optional(),
      options: z.custom((value) => typeof value === 'function', 'a function').optional(),
    },
    'an object { maxAttempts?, delay?, options? }, or false',
  );
  // No union, whose issues would not say what is wrong inside.
  return z.unknown().superRefine((value, context) => {
    const issues = value === false ? [] : (options.safeParse(value).error?.issues ?? []);
    for (const issue of issues) context.addIssue({ ...issue });
  });
}

const delayText = 'a number of milliseconds of at least 0';

/** What the connection was opened with. */
export interface FirstOpening extends CookieOwner {
  readonly options: Partial<ConnectOptions>;
  readonly url: string;
}

/** The option with its defaults; each attempt is a handshake of its own. */
export function reconnectPlan(
  { delay = defaultDelayMs, maxAttempts = defaultMaxAttempts, options: choose }: ReconnectOptions,
  first: FirstOpening,
): ReconnectPlan {
  return {
    maxAttempts,
    timeout: first.options.timeout ?? defaultHandshakeTimeoutMs,
    delay: (attempt) => (typeof delay === 'number' ? delay : checkDelay(delay(attempt))),
    prepare: async (attempt, lost) => {
      const target = await choose?.(attempt, lost);
      if (target === false) return undefined;
      return openClientWire(requestOf(first, checkOptions('reconnect.options', targetOptions, target ?? {})));
    },
  };
}

const targetOptions: OptionsDefinition<ReconnectTarget> = defineOptions<ReconnectTarget>((z) => {
  const { cookies, headers, params, protocols } = transportShape(z);
  return { cookies, headers, params, protocols, url: z.string('text, such as "/orders"') };
}, secretTransportOptions);

function requestOf(
  first: FirstOpening,
  { url = first.url, ...fresh }: ReconnectTarget,
): ReturnType<typeof handshakeRequest> {
  const { identity, redactor } = first;
  const options = mergeOptions<ConnectOptions>(first.options, fresh);
  const target = resolveUrl(url, identity.baseURL);
  // A fresh token takes the place of the one in the URL, too.
  for (const [name] of paramEntries(fresh.params) ?? []) target.searchParams.delete(name);
  for (const [name, value] of paramEntries(options.params) ?? []) target.searchParams.append(name, value ?? '');
  const headers = presentHeaders(options.headers);
  redactor.learnOptions(target.href, { ...options, headers });
  const cookies = lookUpCookies(options, { identity, redactor });
  return handshakeRequest(options, { target, headers, cookies, userAgent: identity.userAgent });
}

function checkDelay(delay: unknown): number {
  if (isDuration(delay)) return delay;
  throw misuse(
    'WS_INVALID_OPTION',
    `Invalid result of "reconnect.delay": expected ${delayText}, found ${describeFound(delay)}`,
  );
}
