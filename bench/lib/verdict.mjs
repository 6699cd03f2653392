// Whether a goal is met.

/** The short form fails beyond this multiple of a goal: what is that slow is broken, not unlucky. */
const grossFactor = 2;

/**
 * What a goal is about, of one contender.
 *
 * @param {import('../goals.mjs').Goal} goal
 * @param {import('./race.mjs').Row} row
 */
export function judgedOf(goal, row) {
  return row[goal.judged];
}

/**
 * @param {import('../goals.mjs').Goal} goal
 * @param {import('./race.mjs').Row} row
 * @returns {boolean | undefined} `undefined` for a contender without a limit.
 */
export function isMet(goal, row) {
  const { limit } = row.contender;
  return limit === undefined ? undefined : judgedOf(goal, row).median <= limit;
}

/**
 * Of the CPU time where there is one: on a busy machine it is steadier than the time that passes. The lowest round
 * counts: what disturbs a process only ever adds.
 *
 * @param {import('./race.mjs').Result} result
 * @returns {string[]} A line for each contender of ours that is far beyond its goal, or that failed.
 */
export function grossRegressions({ failed, goal, rows }) {
  const lines = rows.flatMap((row) => {
    const { gross, limit, name } = row.contender;
    if (limit === undefined) return [];
    const isRatio = goal.judged === 'ratio' || gross !== undefined;
    const found = (isRatio ? (row.cpuRatio ?? row.ratio) : judgedOf(goal, row)).min;
    const tolerated = gross ?? limit * grossFactor;
    return found <= tolerated ? [] : [`${goal.id}  ${name}: ${found.toFixed(2)}, tolerated ${tolerated}`];
  });
  return [...lines, ...failed.map((text) => `${goal.id}  ${text}`)];
}
