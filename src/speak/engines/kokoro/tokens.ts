/** Kokoro hears at most this many phonemes at once; two more places are for the pads at the ends. */
export const MAX_PHONEMES = 510;

const PAUSE_BEFORE_SPACE = /[.!?…;:,—] /g;

/** Cuts phonemes into stretches of at most `max`, at the last pause of a stretch's second half, else between words. */
export function splitPhonemes(phonemes: string, max = MAX_PHONEMES): string[] {
  const parts: string[] = [];
  let rest = [...phonemes.trim()];
  while (rest.length > max) {
    const window = rest.slice(0, max + 1).join('');
    const pauses = [...window.matchAll(PAUSE_BEFORE_SPACE)].map(
      (match) => [...window.slice(0, match.index + 1)].length,
    );
    const pause = pauses.findLast((at) => at >= max / 2);
    const space = rest.lastIndexOf(' ', max);
    const cut = pause ?? (space > 0 ? space : max);
    parts.push(rest.slice(0, cut).join('').trim());
    rest = [...rest.slice(cut).join('').trim()];
  }
  if (rest.length > 0) parts.push(rest.join(''));
  return parts;
}

/** Phonemes as the model's token ids, and the symbols that its vocabulary lacks. */
export function toTokens(
  phonemes: string,
  vocabulary: Readonly<Record<string, number>>,
): { tokens: number[]; unknown: string[] } {
  const tokens: number[] = [];
  const unknown: string[] = [];
  for (const symbol of phonemes) {
    const id = vocabulary[symbol];
    if (id === undefined) unknown.push(symbol);
    else tokens.push(id);
  }
  return { tokens, unknown };
}
