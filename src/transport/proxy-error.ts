/** A proxy that did not do what it was asked for. */
export class ProxyError extends Error {
  override readonly name: string = 'ProxyError';
  readonly remedy: string;

  constructor(message: string, remedy: string = 'Check { proxy }, or add the host to its `bypass`.', cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.remedy = remedy;
  }
}

/** What helps against a proxy that wants to know who asks. */
export const proxyCredentials = 'Pass { proxy: { server, username, password } }.';
