import { fileURLToPath } from 'node:url';
import type { PlaywrightTestConfig, PlaywrightTestOptions } from '@playwright/test';

type WebServer = NonNullable<PlaywrightTestConfig['webServer']>;

const program = fileURLToPath(new URL('server/start.js', import.meta.url));

/** Starts the example application on a free port; the URL that it prints becomes `EXAMPLE_SERVER_URL`. */
export const exampleServer: WebServer = {
  name: 'example server',
  command: `"${process.execPath}" "${program}"`,
  env: { PORT: '0' },
  wait: { stdout: /(?<example_server_url>http:\/\/\S+)/ },
};

/** The `use` of the examples: their `baseURL` is the running server. */
export function exampleUse(): Pick<PlaywrightTestOptions, 'baseURL'> {
  return { baseURL: process.env['EXAMPLE_SERVER_URL'] };
}
