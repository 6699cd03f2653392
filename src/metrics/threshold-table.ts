import type { ThresholdResult } from './judge-thresholds.ts';

/** `✓ ws_connecting  p(95)<500  p(95)=12.4`: a line for each threshold, in columns. */
export function drawThresholds(results: readonly ThresholdResult[]): string[] {
  const width = (cells: readonly string[]): number => Math.max(...cells.map(({ length }) => length));
  const metric = width(results.map((result) => result.metric));
  const threshold = width(results.map((result) => result.threshold));
  return results.map(
    (result) =>
      `${result.isMet ? '✓' : '✗'} ${result.metric.padEnd(metric)}  ${result.threshold.padEnd(threshold)}  ${result.found}`,
  );
}
