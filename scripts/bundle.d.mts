export function bundleEntries(outDir: string): void;
