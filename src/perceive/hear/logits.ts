/**
 * The most probable token and the natural log of its probability: a softmax over the whole vocabulary. `forbidden` is not
 * chosen, but keeps its share.
 */
export function bestToken(logits: Float32Array, forbidden?: number): { id: number; logprob: number } {
  let id = -1;
  let chosen = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < logits.length; at += 1) {
    const logit = logits[at] as number;
    if (logit > chosen && at !== forbidden) {
      chosen = logit;
      id = at;
    }
  }
  return { id, logprob: logprobOf(logits, id) };
}

/**
 * The natural log of one token's probability. The softmax is summed in double precision and shifted by the greatest logit
 * so that it cannot overflow.
 */
export function logprobOf(logits: Float32Array, id: number): number {
  let greatest = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < logits.length; at += 1) greatest = Math.max(greatest, logits[at] as number);
  let sum = 0;
  for (let at = 0; at < logits.length; at += 1) sum += Math.exp((logits[at] as number) - greatest);
  return Math.min(0, (logits[id] ?? Number.NEGATIVE_INFINITY) - greatest - Math.log(sum));
}
