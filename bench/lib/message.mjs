/**
 * The message of every measurement: JSON of 120 bytes.
 *
 * @param {number} id Below ten millions.
 */
export function orderText(id) {
  const [head, tail] = [
    `{"type":"order.updated","id":${id},"customer":"c-`,
    `","total":${1000 + (id % 997)}.5,"currency":"EUR","items":[1,2]}`,
  ];
  return `${head}${String(id).padStart(120 - head.length - tail.length, '0')}${tail}`;
}
