/**
 * Does something `count` times, `limit` at a time.
 *
 * @template Value
 * @param {number} count
 * @param {number} limit
 * @param {(index: number) => Promise<Value>} work
 * @returns {Promise<Value[]>}
 */
export async function atATime(count, limit, work) {
  const done = [];
  let next = 0;
  const lane = async () => {
    while (next < count) done.push(await work(next++));
  };
  await Promise.all(Array.from({ length: limit }, lane));
  return done;
}
