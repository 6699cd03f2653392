import { wallTime } from '../support/clock.ts';
import { maskUrl } from '../support/redact.ts';

/** Who made an HTTP request: the test's process (`request`, a client library on `node:http`), or a page of its browser. */
export type RequestSource = 'test' | 'page';

/** An HTTP request as it was seen. */
export interface HttpRequest {
  readonly source: RequestSource;
  readonly method: string;
  readonly url: string;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  /** Monotonic milliseconds; `undefined` while it runs. */
  endedAt?: number | undefined;
  /** `undefined` until the head of the response came. */
  status?: number | undefined;
  statusText?: string | undefined;
  /** Why no response came, or not all of it. */
  failure?: string | undefined;
}

/** One HTTP request of a transcript. */
export interface RequestRecord {
  readonly source: RequestSource;
  readonly method: string;
  /** Secrets masked. */
  readonly url: string;
  readonly status: number | undefined;
  readonly statusText: string | undefined;
  /** Wall-clock milliseconds since the epoch at which it began. */
  readonly time: number;
  /** Milliseconds from the first connection's beginning to its own; negative when it came before. */
  readonly startedMs: number;
  /** `undefined` while it runs. */
  readonly endedMs: number | undefined;
  readonly failure: string | undefined;
}

/** @param startedAt Monotonic milliseconds at which the first connection began. */
export function describeRequest(request: HttpRequest, startedAt: number): RequestRecord {
  const { endedAt, failure, method, source, status, statusText, url } = request;
  return {
    source,
    method,
    url: maskUrl(url),
    status,
    statusText,
    time: wallTime(request.startedAt),
    startedMs: request.startedAt - startedAt,
    endedMs: endedAt === undefined ? undefined : endedAt - startedAt,
    failure,
  };
}
