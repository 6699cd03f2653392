import { anyMessage } from '../expectation/any-message.ts';
import { previewData } from '../explain/preview.ts';
import type { CallSite } from '../support/call-site.ts';
import type { Connection } from './connection.ts';
import { currentUserCode } from './user-code.ts';
import type { WaitOptions } from './wait-options.ts';
import type { WaitSettings } from './waits.ts';

/** A method of the client that was called: the function, for the stack, and its options. */
export interface ClientCall {
  readonly method: string;
  readonly below: Function;
  readonly title: string;
  readonly subtitle?: () => string;
}

/** Limits and names of the wait behind a call. */
export function waitSettings(
  connections: readonly [Connection],
  { method, options, site }: { readonly method: string; readonly options: unknown; readonly site: CallSite },
): WaitSettings {
  const { signal, timeout } = limitsOf(options);
  return {
    method,
    call: callOf(method),
    site,
    connections,
    timeout: timeout ?? connections[0].settings.waitTimeout,
    signal,
    isBackground: isBackground(method),
  };
}

/** How failures show the call: `client.request(data, expected) failed`. */
const argumentNames: ReadonlyMap<string, string> = new Map([
  ['send', 'data'],
  ['waitForMessage', 'expected'],
  ['waitForMessages', 'expected'],
  ['request', 'data, expected'],
  ['sendUntil', 'data, expected'],
  ['extract', 'expression'],
  ['stay', 'ms'],
]);

const calls = new Map<string, string>();

/** `client.request(data, expected)`: one text for all calls of a method. */
function callOf(method: string): string {
  const known = calls.get(method);
  if (known !== undefined) return known;
  const call = `client.${method}(${argumentNames.get(method) ?? ''})`;
  calls.set(method, call);
  return call;
}

const controlMethods: ReadonlySet<string> = new Set(['send', 'ping', 'pong']);

/** Whether a call asserts nothing and runs in a handler or timer, as a heartbeat does. */
export function isBackground(method: string): boolean {
  return controlMethods.has(method) && currentUserCode() !== undefined;
}

const methodsThatLookBack: ReadonlySet<string> = new Set(['waitForMessage', 'waitForMessages']);

/** Whether a call may pass in this turn, since there is a message that nobody claimed: then it needs no stack. */
export function mayPassAtOnce(method: string, connection: Connection): boolean {
  return methodsThatLookBack.has(method) && connection.messages.nextFree(-1) !== undefined;
}

/** What tells a call from others of its kind, for its step. */
export function previewOf(data: unknown): () => string {
  return () => previewData(data === anyMessage ? 'any message' : data);
}

/** The limits in options that are checked a moment later, before anything starts. */
function limitsOf(options: unknown): WaitOptions {
  return typeof options === 'object' && options !== null ? options : {};
}
