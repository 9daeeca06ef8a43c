/** A character as CTC gives it: its probability where it is highest, and the steps at which it stands. */
export interface Spelled {
  readonly text: string;
  readonly probability: number;
  /** The step of its peak; `from` and `to` are the first and last step at which it wins. */
  readonly step: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Greedy decoding of CTC: the likeliest class of every step, repetitions and blanks (class 0) taken out. `rows` has `classes`
 * probabilities for each step.
 */
export function spell(rows: Float32Array, classes: number, alphabet: readonly string[]): Spelled[] {
  const found: { text: string; probability: number; step: number; from: number; to: number }[] = [];
  let last = 0;
  for (let step = 0; step * classes < rows.length; step += 1) {
    const start = step * classes;
    let best = 0;
    let probability = rows[start] as number;
    for (let one = 1; one < classes; one += 1) {
      const candidate = rows[start + one] as number;
      if (candidate > probability) {
        best = one;
        probability = candidate;
      }
    }
    const before = found.at(-1);
    if (best !== 0 && best === last && before) {
      before.to = step;
      if (probability > before.probability) {
        before.probability = probability;
        before.step = step;
      }
    } else if (best !== 0) {
      found.push({ text: alphabet[best] ?? '', probability: Math.min(1, probability), step, from: step, to: step });
    }
    last = best;
  }
  return found.map((one) => ({ ...one, probability: Math.min(1, one.probability) }));
}
