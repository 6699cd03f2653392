/** Adds to a list that mostly has one item or two: an array that begins with `push` has room for seventeen. */
export function added<T>(list: T[] | undefined, item: T): T[] {
  if (list === undefined || list.length === 0) return [item];
  if (list.length === 1) return [list[0], item];
  list.push(item);
  return list;
}
