/**
 * Finds when each token was spoken from how much attention it pays to each frame of the sound. `attention` has one row
 * per token and one column per frame, row by row. Every token gets at least one frame, tokens keep their order, every
 * frame belongs to one token, and the attention so collected is the greatest possible (dynamic programming).
 *
 * Gives each token's first frame, or `null` when there are fewer frames than tokens.
 */
export function alignTokens(attention: Float32Array, tokens: number, frames: number): number[] | null {
  if (tokens === 0 || frames < tokens) return null;
  const moved = new Uint8Array(tokens * frames);
  let best = new Float64Array(tokens).fill(Number.NEGATIVE_INFINITY);
  best[0] = attention[0] ?? 0;
  for (let frame = 1; frame < frames; frame += 1) {
    const next = new Float64Array(tokens).fill(Number.NEGATIVE_INFINITY);
    for (let token = 0; token < tokens; token += 1) {
      const stay = best[token] ?? Number.NEGATIVE_INFINITY;
      const move = token > 0 ? (best[token - 1] ?? Number.NEGATIVE_INFINITY) : Number.NEGATIVE_INFINITY;
      if (move > stay) moved[token * frames + frame] = 1;
      next[token] = Math.max(stay, move) + (attention[token * frames + frame] ?? 0);
    }
    best = next;
  }
  const first = new Array<number>(tokens).fill(0);
  let token = tokens - 1;
  for (let frame = frames - 1; frame > 0 && token > 0; frame -= 1) {
    if (moved[token * frames + frame] !== 1) continue;
    first[token] = frame;
    token -= 1;
  }
  return first;
}
