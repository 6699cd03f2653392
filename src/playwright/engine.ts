// What a test with clients needs, in one piece that is loaded when a test first asks for `ws` or `workerWs`.
import { checkOptions } from '../support/options.ts';
import { connectOptions, type ConnectOptions } from '../transport/connect-options.ts';

export { matchers } from '../matchers/matchers.ts';
export { createIdentity } from './identity.ts';
export { checkReport } from './report-option.ts';
export { attachSummaries } from './summary.ts';
export { TestScope } from './test-scope.ts';
export { WorkerScope } from './worker-scope.ts';

/** Checks the option fixture `wsOptions`. */
export function checkWsOptions(wsOptions: ConnectOptions): ConnectOptions {
  return checkOptions('wsOptions', connectOptions, wsOptions);
}
