import { gunzip } from './gunzip.ts';

/** Chromium's, with what is used of it. What it returns is no string, but is taken where a script's text is. */
declare const trustedTypes:
  | { createPolicy(name: string, rules: ScriptRules): { createScript(text: string): string } }
  | undefined;

interface ScriptRules {
  createScript(text: string): string;
}

/**
 * Unpacks the script of the page and runs it. The policy of the page names the hash of this script and of that one: no
 * other runs.
 */
async function load(): Promise<void> {
  const chunks = gunzip(document.getElementById('app')?.textContent ?? '').getReader();
  let code = '';
  for (let chunk = await chunks.read(); !chunk.done; chunk = await chunks.read()) code += chunk.value;
  const script = document.createElement('script');
  script.text = trusted(code);
  document.body.append(script);
}

/** The page has no second policy: nothing but this line can make a script, or HTML, from a text. */
function trusted(code: string): string {
  if (typeof trustedTypes === 'undefined') return code;
  return trustedTypes.createPolicy('viewer', { createScript: (text) => text }).createScript(code);
}

// The plain table of the page is not seen while the rest is read.
document.documentElement.dataset['state'] = 'loading';
addEventListener('DOMContentLoaded', () => {
  load().catch((error: unknown) => {
    document.documentElement.dataset['state'] = 'failed';
    const failure = document.getElementById('failure');
    if (failure !== null) failure.textContent = `This browser cannot show more than the table below: ${String(error)}`;
  });
});
