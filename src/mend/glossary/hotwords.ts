import { codePoints } from '#kit/code-points.ts';
import type { Term } from './terms.ts';

/**
 * Terms as a short prompt for recognisers that take one (Whisper's initial prompt, hotwords of others): as many as fit into a number of
 * characters, in their order, so the most important first. Empty where none fits.
 */
export function hotwords(terms: readonly (string | Term)[], characters: number): string {
  const words = [...new Set(terms.map((term) => (typeof term === 'string' ? term : term.text).trim()))];
  const separator = words.some((word) => /\p{Script=Han}/u.test(word)) ? '、' : ', ';
  let prompt = '';
  for (const word of words) {
    const next = prompt === '' ? word : prompt + separator + word;
    if (word === '' || codePoints(next) > characters) continue;
    prompt = next;
  }
  return prompt;
}
