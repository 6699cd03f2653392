import { generate } from 'selfsigned';

/** A certificate for 127.0.0.1 and localhost that signs itself, and its key, as PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Makes a new certificate; valid for a day. */
export async function selfSigned(): Promise<Certificate> {
  const pems = await generate([{ name: 'commonName', value: 'localhost' }]);
  return { key: pems.private, cert: pems.cert };
}
