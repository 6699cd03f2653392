/** Maps moments to pixels. */
export interface TimeScale {
  readonly fromMs: number;
  readonly toMs: number;
  readonly width: number;
}

/** A scale with some room at both ends, so that the first and the last frame are not on the edge. */
export function createScale(fromMs: number, toMs: number, width: number): TimeScale {
  const room = Math.max(0.5, (toMs - fromMs) * 0.01);
  return { fromMs: fromMs - room, toMs: toMs + room, width };
}

/** Pixels from the left, with one decimal. */
export function toX({ fromMs, toMs, width }: TimeScale, ms: number): number {
  return Math.round(((ms - fromMs) / (toMs - fromMs)) * width * 10) / 10;
}

/** The moment of a pixel. */
export function momentAt({ fromMs, toMs, width }: TimeScale, x: number): number {
  return fromMs + (x / width) * (toMs - fromMs);
}

/** Round moments for the axis, about one every 110 pixels. */
export function ticksOf(scale: TimeScale): number[] {
  const wanted = ((scale.toMs - scale.fromMs) / Math.max(1, scale.width)) * 110;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= wanted) ?? 10);
  const ticks: number[] = [];
  for (let tick = Math.ceil(scale.fromMs / step); tick * step <= scale.toMs; tick++) ticks.push(tick * step);
  return ticks;
}

/** `0`, `250 ms`, `1.5 s`. */
export function tickLabel(ms: number): string {
  if (ms === 0) return '0';
  const text = Math.abs(ms) >= 1000 ? `${trim(ms / 1000)} s` : `${trim(ms)} ms`;
  return text.replace('-', '−');
}

function trim(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
