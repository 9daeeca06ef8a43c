import type { Variant } from './variant.ts';

/**
 * American /t/ after one of these becomes a flap before a vowel that carries no stress. The sets in this file state the
 * English rules of https://en.wiktionary.org/wiki/-s, /-ed and /-ing in Kokoro's symbols.
 */
const BEFORE_FLAP = 'AIOWYiuæɑəɛɪɹʊʌ';

/** Adds plural, possessive or third-person -s: voiced or not after the last sound, with a vowel after a hiss. */
export function addS(stem: string, variant: Variant): string {
  const last = stem.at(-1) ?? ' ';
  if ('ptkfθ'.includes(last)) return `${stem}s`;
  if ('szʃʒʧʤ'.includes(last)) return `${stem}${variant === 'gb' ? 'ɪ' : 'ᵻ'}z`;
  return `${stem}z`;
}

/** Adds the past -ed: t, d, or a vowel and d after t and d. */
export function addEd(stem: string, variant: Variant): string {
  const last = stem.at(-1) ?? ' ';
  if ('pkfθʃsʧ'.includes(last)) return `${stem}t`;
  if (last === 'd') return `${stem}${variant === 'gb' ? 'ɪ' : 'ᵻ'}d`;
  if (last !== 't') return `${stem}d`;
  if (variant === 'gb') return `${stem}ɪd`;
  return flaps(stem) ? `${stem.slice(0, -1)}ɾᵻd` : `${stem}ᵻd`;
}

/** Adds -ing; null where a British stem would need its silent r back, which its phonemes no longer show. */
export function addIng(stem: string, variant: Variant): string | null {
  if (variant === 'gb') return /[əː]$/.test(stem) ? null : `${stem}ɪŋ`;
  return flaps(stem) ? `${stem.slice(0, -1)}ɾɪŋ` : `${stem}ɪŋ`;
}

/** Whether a final t turns into a flap before an unstressed vowel. */
export function flaps(stem: string): boolean {
  return stem.length > 1 && stem.endsWith('t') && BEFORE_FLAP.includes(stem.at(-2) ?? ' ');
}
