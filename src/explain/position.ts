import { Mark, type Position } from '../frames/mark.ts';

/** What the user passed as `after`: `the mark`, `the sent frame`, `the message of /orders`. */
export function describePosition(position: Position): string {
  if (position instanceof Mark) return 'the mark';
  if ('direction' in position) return `the ${String(position.direction)} frame`;
  if ('client' in position && 'index' in position)
    return `#${Number(position.index) + 1} of ${String(position.client)}`;
  return '`after`';
}
