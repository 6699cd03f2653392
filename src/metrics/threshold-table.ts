import { columns } from './format.ts';
import type { ThresholdResult } from './judge-thresholds.ts';

/** `✓ ws_connecting  p(95)<500  p(95)=12.4`: a line for each threshold, in columns. */
export function drawThresholds(results: readonly ThresholdResult[]): string[] {
  return columns(
    results.map(({ found, isMet, metric, threshold }) => [`${isMet ? '✓' : '✗'} ${metric}`, threshold, found]),
  );
}
