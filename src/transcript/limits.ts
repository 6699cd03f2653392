/** How much of a test is written. What is left out is stated where it is missing. */
export interface EvidenceLimits {
  /**
   * Bytes of one payload; a longer one is cut to it.
   *
   * @default 65536
   */
  readonly payloadBytes: number;
  /**
   * Frames of one connection from its first one on.
   *
   * @default 5000
   */
  readonly headFrames: number;
  /**
   * Frames of one connection up to its last one.
   *
   * @default 5000
   */
  readonly tailFrames: number;
  /**
   * Frames of all connections together; `headFrames` and `tailFrames` are halved until they fit.
   *
   * @default 10000
   */
  readonly totalFrames: number;
  /**
   * Bytes of all payloads together; `payloadBytes` is halved until they fit.
   *
   * @default 33554432
   */
  readonly totalBytes: number;
  /**
   * HTTP requests from the first one on.
   *
   * @default 1000
   */
  readonly requests: number;
  /**
   * Waits, those that failed before those that passed.
   *
   * @default 10000
   */
  readonly waits: number;
}

/** Applied when nothing else is said. */
export const defaultLimits: EvidenceLimits = {
  /** Far above a usual message; a report of large ones stays one that can be opened. */
  payloadBytes: 64 * 1024,
  /** What set a connection up, and what it did last, tell more than the middle of a load. */
  headFrames: 5000,
  tailFrames: 5000,
  totalFrames: 10_000,
  /** As much as an editor opens without complaint. */
  totalBytes: 32 * 1024 * 1024,
  /** More than a page of a large application asks for. */
  requests: 1000,
  /** As many as frames: a loop that waits for each message. */
  waits: 10_000,
};
