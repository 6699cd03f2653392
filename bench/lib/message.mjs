/**
 * The message of every measurement: JSON of 120 bytes.
 *
 * @param {number} id
 */
export function orderText(id) {
  const text = `{"type":"order.updated","id":${id},"status":"${id % 3 === 0 ? 'PAID' : 'OPEN'}","customer":"c-${id}","total":${id % 997}.5,"note":"`;
  return `${text.padEnd(118, '.')}"}`;
}
