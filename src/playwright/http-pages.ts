import type { BrowserContext, Request, Response } from '@playwright/test';
import { now } from '../support/clock.ts';
import type { HttpRequests, OpenRequest } from './http-requests.ts';

/**
 * Writes down the HTTP requests of a context's pages, until stopped.
 *
 * @returns a function that stops.
 */
export function watchPages(context: BrowserContext, requests: HttpRequests): () => void {
  const open = new WeakMap<Request, OpenRequest>();
  const started = (request: Request): void => {
    // Sockets of pages are no requests of HTTP beyond their opening handshake.
    if (request.resourceType() === 'websocket') return;
    open.set(request, requests.add({ source: 'page', method: request.method(), url: request.url(), startedAt: now() }));
  };
  const answered = (response: Response): void => {
    Object.assign(open.get(response.request()) ?? {}, { status: response.status(), statusText: response.statusText() });
  };
  const ended = (request: Request): void => {
    const failure = request.failure()?.errorText;
    Object.assign(open.get(request) ?? {}, { endedAt: now(), failure });
  };
  context.on('request', started).on('response', answered).on('requestfinished', ended).on('requestfailed', ended);
  return () => {
    context.off('request', started).off('response', answered).off('requestfinished', ended).off('requestfailed', ended);
  };
}
