/** The logarithm of the sum of the exponentials: what turns logits into natural log-probabilities. */
export function logSumExp(logits: Float32Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > most) most = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - most);
  return most + Math.log(sum);
}

/** The numbers of the `count` highest logits, highest first; of equals the first. */
export function highest(logits: Float32Array, count: number): readonly number[] {
  const best: number[] = [];
  for (const [token, logit] of logits.entries()) {
    if (best.length === count && logit <= (logits[best[count - 1] ?? 0] ?? 0)) continue;
    let at = best.length;
    while (at > 0 && logit > (logits[best[at - 1] ?? 0] ?? 0)) at--;
    best.splice(at, 0, token);
    if (best.length > count) best.pop();
  }
  return best;
}
