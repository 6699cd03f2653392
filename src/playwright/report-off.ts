/** Whether the option, checked or not, switches all evidence off. */
export function isReportOff(value: unknown): boolean {
  return value === 'off' || (typeof value === 'object' && value !== null && 'mode' in value && value.mode === 'off');
}
