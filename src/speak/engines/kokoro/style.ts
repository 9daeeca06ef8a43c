const ROWS = 510;
const WIDTH = 256;
const TIMBRE = 128;

/** Row the timbre of short sentences is taken from; above about 80 phonemes the timbre no longer changes by row. */
const TIMBRE_ROW = 120;

/**
 * The style for a sentence of `phonemes` phonemes, from a voice file of 510 × 256 numbers with one row per length. The
 * first half of a row is timbre, the second rhythm and melody. Timbre drifts in the rows of short sentences, so it is
 * taken from a longer one's row: the speaker stays the same person however short a sentence is.
 */
export function styleFor(voice: Float32Array, phonemes: number): Float32Array {
  if (voice.length !== ROWS * WIDTH)
    throw new Error(`A voice has ${ROWS} × ${WIDTH} numbers; this one has ${voice.length}.`);
  const row = Math.min(Math.max(phonemes, 1), ROWS) - 1;
  const timbreRow = Math.max(row, TIMBRE_ROW);
  const style = voice.slice(row * WIDTH, (row + 1) * WIDTH);
  style.set(voice.subarray(timbreRow * WIDTH, timbreRow * WIDTH + TIMBRE));
  return style;
}
