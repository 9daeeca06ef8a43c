import type { TimeSpan } from '#contract/finding.ts';

/** How much of the voiced time no segment with words covers, in milliseconds. Both lists are in order of time. */
export function uncoveredMs(
  speech: readonly TimeSpan[],
  segments: readonly (TimeSpan & { readonly text: string })[],
): number {
  const covered = segments.filter(({ text }) => text.trim() !== '');
  let uncovered = 0;
  for (const voiced of speech) {
    let fromMs = voiced.startMs;
    for (const { startMs, endMs } of covered) {
      if (endMs <= fromMs || startMs >= voiced.endMs) continue;
      uncovered += Math.max(0, startMs - fromMs);
      fromMs = Math.max(fromMs, endMs);
    }
    uncovered += Math.max(0, voiced.endMs - fromMs);
  }
  return uncovered;
}
