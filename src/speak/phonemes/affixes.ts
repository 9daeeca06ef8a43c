import type { Variant } from './variant.ts';

/** Suffixes and how they are said: the commonest sound each adds to its stem in the lexicon. Longest match wins. */
export const SUFFIXES: Readonly<Record<string, Readonly<Record<Variant, string>>>> = {
  ness: { us: 'nəs', gb: 'nəs' },
  less: { us: 'ləs', gb: 'ləs' },
  ful: { us: 'fᵊl', gb: 'fʊl' },
  ly: { us: 'li', gb: 'li' },
  ment: { us: 'mənt', gb: 'mᵊnt' },
  ship: { us: 'ʃˌɪp', gb: 'ʃɪp' },
  hood: { us: 'hˌʊd', gb: 'hʊd' },
  like: { us: 'lˌIk', gb: 'lIk' },
  wise: { us: 'wˌIz', gb: 'wIz' },
  proof: { us: 'pɹˌuf', gb: 'pɹuːf' },
  er: { us: 'əɹ', gb: 'ə' },
  ers: { us: 'əɹz', gb: 'əz' },
  able: { us: 'əbᵊl', gb: 'əbᵊl' },
  ish: { us: 'ɪʃ', gb: 'ɪʃ' },
  ism: { us: 'ˌɪzəm', gb: 'ɪzəm' },
  ist: { us: 'ɪst', gb: 'ɪst' },
  ists: { us: 'ɪsts', gb: 'ɪsts' },
  ize: { us: 'ˌIz', gb: 'Iz' },
  ized: { us: 'ˌIzd', gb: 'Izd' },
  izing: { us: 'ˌIzɪŋ', gb: 'Izɪŋ' },
  dom: { us: 'dəm', gb: 'dəm' },
  y: { us: 'i', gb: 'i' },
};

/** Prefixes that leave the rest of the word as it is. */
export const PREFIXES: Readonly<Record<string, Readonly<Record<Variant, string>>>> = {
  un: { us: 'ˌʌn', gb: 'ʌn' },
  re: { us: 'ɹi', gb: 'ɹˌiː' },
  non: { us: 'nˌɑn', gb: 'nˌɒn' },
  anti: { us: 'ˌænti', gb: 'ˌantɪ' },
  over: { us: 'ˌOvəɹ', gb: 'ˌQvə' },
  under: { us: 'ˌʌndəɹ', gb: 'ˌʌndə' },
  pre: { us: 'pɹi', gb: 'pɹˌiː' },
  super: { us: 'sˌupəɹ', gb: 'sˌuːpə' },
  inter: { us: 'ˌɪntəɹ', gb: 'ˌɪntə' },
  multi: { us: 'mˌʌlti', gb: 'mˌʌltɪ' },
  micro: { us: 'mˌIkɹO', gb: 'mˌIkɹQ' },
  mis: { us: 'mˌɪs', gb: 'mˌɪs' },
  dis: { us: 'dɪs', gb: 'dɪs' },
  out: { us: 'ˌWt', gb: 'ˌWt' },
  sub: { us: 'sˌʌb', gb: 'sˌʌb' },
  semi: { us: 'sˌɛmi', gb: 'sˌɛmɪ' },
  cyber: { us: 'sˌIbəɹ', gb: 'sˌIbə' },
  mega: { us: 'mˌɛɡə', gb: 'mˌɛɡə' },
  auto: { us: 'ˌɔɾO', gb: 'ˌɔːtQ' },
  meta: { us: 'mˌɛɾə', gb: 'mˌɛtə' },
  bio: { us: 'bˌIO', gb: 'bˌIQ' },
  photo: { us: 'fˌOɾO', gb: 'fˌQtQ' },
  geo: { us: 'ʤˌiO', gb: 'ʤˌiːQ' },
  hyper: { us: 'hˌIpəɹ', gb: 'hˌIpə' },
  ultra: { us: 'ˌʌltɹə', gb: 'ˌʌltɹə' },
  neuro: { us: 'nˌʊɹO', gb: 'njˌʊəɹQ' },
  electro: { us: 'əlˌɛktɹO', gb: 'ɪlˌɛktɹQ' },
  nano: { us: 'nˌænO', gb: 'nˌanQ' },
  tele: { us: 'tˌɛlə', gb: 'tˌɛlɪ' },
  post: { us: 'pˌOst', gb: 'pˌQst' },
};

/** The weak beginnings of names: O'Brien, D'Angelo, McKinley. */
export const NAME_PREFIXES: ReadonlyMap<string, Readonly<Record<Variant, string>>> = new Map([
  ["O'", { us: 'O', gb: 'Q' }],
  ["D'", { us: 'd', gb: 'd' }],
  ["L'", { us: 'l', gb: 'l' }],
  ['Mc', { us: 'mək', gb: 'mək' }],
]);
