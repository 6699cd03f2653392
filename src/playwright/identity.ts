import { dirname, resolve } from 'node:path';
import type { PlaywrightTestOptions, TestInfo } from '@playwright/test';
import type { CookieSource } from '../transport/cookies.ts';
import type { ConnectOptions } from '../transport/connect-options.ts';
import type { Identity, NamedCookieSource } from '../transport/connect.ts';
import { requestOf } from './request-of-test.ts';

/** Playwright's own options that a handshake shares with HTTP requests. */
export type HostOptions = Pick<
  PlaywrightTestOptions,
  | 'baseURL'
  | 'extraHTTPHeaders'
  | 'httpCredentials'
  | 'ignoreHTTPSErrors'
  | 'proxy'
  | 'clientCertificates'
  | 'userAgent'
  | 'storageState'
>;

/** Where the options come from and whose `request` is used. */
export interface IdentitySource {
  readonly host: Partial<HostOptions>;
  readonly wsOptions: ConnectOptions;
  /** File of the configuration: relative paths start in its folder. */
  readonly configFile: string | undefined;
  /** The test whose `request` fixture has the cookies; `undefined` outside tests. */
  readonly testInfo: TestInfo | undefined;
}

export function createIdentity({ configFile, host, testInfo, wsOptions }: IdentitySource): Identity {
  return {
    baseURL: host.baseURL,
    userAgent: host.userAgent,
    defaults: [hostDefaults(host, configFile), wsOptions],
    requestCookies: () => requestCookies(host, testInfo),
  };
}

function requestCookies({ storageState }: Partial<HostOptions>, testInfo: TestInfo | undefined): NamedCookieSource {
  const request = testInfo === undefined ? undefined : requestOf(testInfo);
  if (request !== undefined) return { source: request, label: '`request`' };
  if (storageState === undefined) return { source: false, label: '`request`, which the test does not use' };
  const source: CookieSource = storageState;
  return { source, label: '`use.storageState`' };
}

function hostDefaults(host: Partial<HostOptions>, configFile: string | undefined): ConnectOptions {
  const { extraHTTPHeaders, httpCredentials, ignoreHTTPSErrors, proxy } = host;
  return {
    headers: extraHTTPHeaders,
    httpCredentials,
    ignoreHTTPSErrors,
    proxy,
    clientCertificates: host.clientCertificates?.map((certificate) => absolutePaths(certificate, configFile)),
  };
}

type ClientCertificate = NonNullable<HostOptions['clientCertificates']>[number];

function absolutePaths(certificate: ClientCertificate, configFile: string | undefined): ClientCertificate {
  const folder = configFile === undefined ? process.cwd() : dirname(configFile);
  const absolute = { ...certificate };
  if (certificate.certPath !== undefined) absolute.certPath = resolve(folder, certificate.certPath);
  if (certificate.keyPath !== undefined) absolute.keyPath = resolve(folder, certificate.keyPath);
  if (certificate.pfxPath !== undefined) absolute.pfxPath = resolve(folder, certificate.pfxPath);
  return absolute;
}
