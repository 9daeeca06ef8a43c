import { codePoints } from '#kit/code-points.ts';
import { align, unitsOf as piecesOf } from '#score/index.ts';

/**
 * Which units of a text, in order, differ from what was said. What a content score forgives is forgiven: script, case, punctuation, and how
 * numbers are written, so that a unit may be several words (`42`). What is missing has no unit and is not told.
 */
export async function wrongByContent(
  units: readonly string[],
  reference: string,
  language: string | null,
): Promise<boolean[]> {
  const pieces: string[] = [];
  const owner: number[] = [];
  for (const [at, unit] of units.entries()) {
    for (const piece of await compared(unit, language)) {
      pieces.push(piece);
      owner.push(at);
    }
  }
  const wrong = units.map(() => false);
  for (const { kind, hypothesis } of align(await compared(reference, language), pieces).spans) {
    if (kind === 'hit') continue;
    for (const at of owner.slice(hypothesis.start, hypothesis.end)) wrong[at] = true;
  }
  return wrong;
}

function compared(text: string, language: string | null): Promise<readonly string[]> {
  return piecesOf(text, 'mixed', 'content', { language });
}

/** Where words stand in the text they were heard in, in code points and in order; one that is not found there is left out. */
export function placed<T extends { readonly text: string }>(
  text: string,
  words: readonly T[],
): (T & { readonly start: number; readonly end: number })[] {
  const found: (T & { start: number; end: number })[] = [];
  let unit = 0;
  let point = 0;
  for (const word of words) {
    const at = text.indexOf(word.text, unit);
    if (at < 0) continue;
    point += codePoints(text.slice(unit, at));
    const end = point + codePoints(word.text);
    found.push({ ...word, start: point, end });
    unit = at + word.text.length;
    point = end;
  }
  return found;
}
