import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';

import { hostOf, toHttpUrl } from './url.ts';

/** A TLS client certificate, as Playwright describes one: PEM files, a PFX file, or their contents. */
export interface ClientCertificate {
  /** Exact origin that the certificate is for: `https://example.com`, with the port unless it is 443. */
  readonly origin: string;
  /** File with the certificate in PEM format. */
  readonly certPath?: string | undefined;
  /** The certificate in PEM format. */
  readonly cert?: Uint8Array | undefined;
  /** File with the private key in PEM format. */
  readonly keyPath?: string | undefined;
  /** The private key in PEM format. */
  readonly key?: Uint8Array | undefined;
  /** File with key and certificates in PFX (PKCS #12) format. */
  readonly pfxPath?: string | undefined;
  /** Key and certificates in PFX (PKCS #12) format. */
  readonly pfx?: Uint8Array | undefined;
  /** Of the private key or the PFX. */
  readonly passphrase?: string | undefined;
}

export interface TlsOptions {
  readonly ignoreHTTPSErrors?: boolean | undefined;
  readonly clientCertificates?: readonly ClientCertificate[] | undefined;
}

/** How to speak TLS with this URL. Reads the files of the certificate that is for it. */
export async function tlsFor(url: URL, options: TlsOptions): Promise<ConnectionOptions> {
  const settings = { ...serverName(hostOf(url)), ...trust(options) };
  const origin = toHttpUrl(url).origin;
  const certificate = options.clientCertificates?.find((one) => new URL(one.origin).origin === origin);
  return certificate === undefined ? settings : { ...settings, ...(await load(certificate)) };
}

/** How to speak TLS with an HTTPS proxy: client certificates are never for it. */
export function tlsForProxy(host: string, options: TlsOptions): ConnectionOptions {
  return { ...serverName(host), ...trust(options) };
}

/** Server name indication takes host names only, RFC 6066 section 3. */
function serverName(host: string): ConnectionOptions {
  return { servername: isIP(host) === 0 ? host : '' };
}

/** Left out unless asked for, so that NODE_TLS_REJECT_UNAUTHORIZED keeps its meaning. */
function trust({ ignoreHTTPSErrors }: TlsOptions): ConnectionOptions {
  return ignoreHTTPSErrors === true ? { rejectUnauthorized: false } : {};
}

async function load(certificate: ClientCertificate): Promise<ConnectionOptions> {
  const [cert, key, pfx] = await Promise.all([
    contents(certificate.cert, certificate.certPath),
    contents(certificate.key, certificate.keyPath),
    contents(certificate.pfx, certificate.pfxPath),
  ]);
  const { passphrase } = certificate;
  return {
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(pfx === undefined ? {} : { pfx }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

async function contents(bytes: Uint8Array | undefined, path: string | undefined): Promise<Buffer | undefined> {
  if (bytes !== undefined) return Buffer.from(bytes);
  return path === undefined ? undefined : readFile(path);
}
