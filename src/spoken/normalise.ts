import { english } from './en/index.ts';
import { applyRules, type Normalised } from './rule.ts';
import { chinese } from './zh/index.ts';

export type { Change, Normalised, SpokenClass } from './rule.ts';

/**
 * Writes a sentence as it is said: numbers, dates, times, money, measures, addresses, abbreviations and signs become words
 * of `language` (BCP 47; `en` and `zh` are known, any other leaves the sentence as it is). `changes` maps the words back to
 * the sentence, for captions.
 */
export function normaliseForSpeech(sentence: string, { language }: { readonly language: string }): Normalised {
  switch (language.toLowerCase().split('-')[0]) {
    case 'en':
      return applyRules(sentence, english);
    case 'zh':
    case 'cmn':
      return applyRules(sentence, chinese);
    default:
      return { text: sentence, changes: [] };
  }
}
