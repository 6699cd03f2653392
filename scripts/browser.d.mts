export function installedBrowser(playwrightPath: string | undefined): string | undefined;
export function ensureBrowser(): Promise<string>;
