/**
 * The most probable token and the natural log of its probability: a softmax over the whole vocabulary, summed in double
 * precision and shifted by the greatest logit so that it cannot overflow. `forbidden` is not chosen, but keeps its share.
 */
export function bestToken(logits: Float32Array, forbidden?: number): { id: number; logprob: number } {
  let greatest = Number.NEGATIVE_INFINITY;
  let id = -1;
  let chosen = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < logits.length; at += 1) {
    const logit = logits[at] as number;
    if (logit > greatest) greatest = logit;
    if (logit > chosen && at !== forbidden) {
      chosen = logit;
      id = at;
    }
  }
  let sum = 0;
  for (let at = 0; at < logits.length; at += 1) sum += Math.exp((logits[at] as number) - greatest);
  return { id, logprob: Math.min(0, chosen - greatest - Math.log(sum)) };
}
