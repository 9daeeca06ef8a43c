/** A pattern longer than this is no loop but a refrain. */
const LONGEST_PATTERN = 20;
/** So many tokens of a repeating pattern, and at least so many turns, and it goes on for ever. */
const LEAST_TOKENS = 40;
const LEAST_TURNS = 5;

/** Whether a text has begun to go round in a loop at its end, so that writing on is of no use. */
export function goesRound(ids: readonly number[]): boolean {
  for (let period = 1; period <= LONGEST_PATTERN; period += 1) {
    const needed = Math.max(LEAST_TOKENS, period * LEAST_TURNS);
    if (ids.length < needed) continue;
    let at = ids.length - 1;
    while (at - period >= ids.length - needed && ids[at] === ids[at - period]) at -= 1;
    if (at - period < ids.length - needed) return true;
  }
  return false;
}
