/** A token and the natural log of its probability among all that the rules left. */
export interface Choice {
  readonly id: number;
  readonly logprob: number;
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The next token: the most probable one, or above temperature 0 one drawn with the probabilities' logs divided by the
 * temperature. `logprob` is always that at temperature 1.
 */
export function choose(logits: Float32Array, temperature: number, random: () => number): Choice {
  let id = 0;
  for (let at = 1; at < logits.length; at += 1) if ((logits[at] as number) > (logits[id] as number)) id = at;
  const greatest = logits[id] as number;
  let sum = 0;
  for (let at = 0; at < logits.length; at += 1) sum += Math.exp((logits[at] as number) - greatest);
  if (temperature > 0) id = drawn(logits, greatest, temperature, random);
  return { id, logprob: Math.min(0, (logits[id] as number) - greatest - Math.log(sum)) };
}

function drawn(logits: Float32Array, greatest: number, temperature: number, random: () => number): number {
  let sum = 0;
  for (let at = 0; at < logits.length; at += 1) sum += Math.exp(((logits[at] as number) - greatest) / temperature);
  let left = random() * sum;
  let last = 0;
  for (let at = 0; at < logits.length; at += 1) {
    const weight = Math.exp(((logits[at] as number) - greatest) / temperature);
    if (weight > 0) last = at;
    left -= weight;
    if (left < 0) return at;
  }
  return last;
}

/** The probabilities of some tokens among themselves. */
export function probabilitiesOf(logits: Float32Array, ids: readonly number[]): number[] {
  const greatest = Math.max(...ids.map((id) => logits[id] ?? Number.NEGATIVE_INFINITY));
  const weights = ids.map((id) => Math.exp((logits[id] ?? Number.NEGATIVE_INFINITY) - greatest));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => weight / sum);
}
