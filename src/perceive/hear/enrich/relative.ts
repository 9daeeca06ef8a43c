/** Fewer values than these have no middle that one of them could be far from. */
const FEWEST = 4;
/** A speaker is compared with so many clauses around, so that a change of room or microphone does not count for ever. */
const AROUND = 15;
/** Makes the median absolute deviation of a normal distribution its standard deviation. */
const MAD_TO_DEVIATION = 1.4826;

/**
 * How far each value is from the running median of its own series, in robust standard deviations (median and MAD). `floor` is the least deviation
 * reckoned with, in the unit of the values: what differs by less than nobody hears is not far, however alike the others are.
 * `null` where a value is missing or the series is too short.
 */
export function deviations(values: readonly (number | null)[], floor: number): (number | null)[] {
  const places = values.flatMap((value, at) => (value === null ? [] : [at]));
  const known = places.map((at) => values[at] as number);
  const found: (number | null)[] = values.map(() => null);
  if (known.length < FEWEST) return found;
  known.forEach((value, at) => {
    const around = known.slice(Math.max(0, at - AROUND), at + AROUND + 1);
    const middle = median(around);
    const deviation = MAD_TO_DEVIATION * median(around.map((other) => Math.abs(other - middle)));
    found[places[at] as number] = (value - middle) / Math.max(floor, deviation);
  });
  return found;
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? upper)) / 2;
}
