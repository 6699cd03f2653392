import { createRequire } from 'node:module';

/** Version of this package, as its documents name their writer. */
export function packageVersion(): string {
  const { version }: { version: string } = createRequire(import.meta.url)('../../package.json');
  return version;
}
