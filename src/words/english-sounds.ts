/** English words of one sound, with how often each was counted. */
export type SoundGroup = readonly (readonly [word: string, count: number])[];

/** A word as misaki's lexicon has it: phonemes, or by part of speech. */
export type Pronounced = string | Readonly<Record<string, string | null>>;

/**
 * Words that sound the same, from a lexicon of pronunciations and a frequency list (`word count` a line). Stress is set aside,
 * as running speech does not keep it; of words with several pronunciations the usual one counts. Left out are words with an
 * apostrophe, whose counts in lists of single words are no counts, and single letters but `a` and `I`. Spellings of one word
 * (colour, color) are one.
 */
export function soundGroups(lexicon: Readonly<Record<string, Pronounced>>, list: string): SoundGroup[] {
  const bySound = new Map<string, Map<string, { word: string; count: number }>>();
  for (const line of list.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const [word = '', written = ''] = line.split(' ');
    const count = Number(written);
    const sound = Object.hasOwn(lexicon, word) ? soundOf(lexicon[word]) : undefined;
    if (!sound || !/^([a-z]{2,}|a|i)$/.test(word) || !(count > 0)) continue;
    const words = bySound.get(sound) ?? new Map<string, { word: string; count: number }>();
    bySound.set(sound, words);
    const spelling = american(word);
    const other = words.get(spelling);
    const usual = other && other.count > count ? other.word : word;
    words.set(spelling, { word: usual, count: count + (other?.count ?? 0) });
  }
  const groups = [...bySound.values()].filter((words) => words.size > 1);
  return groups.map((words) => [...words.values()].map(({ word, count }) => [word, count] as const));
}

function soundOf(pronounced: Pronounced | undefined): string | undefined {
  const usual = typeof pronounced === 'string' ? pronounced : pronounced?.DEFAULT;
  return usual?.replace(/[ˈˌ]/g, '');
}

/** One spelling for those that differ by country alone. */
function american(word: string): string {
  const known = Object.hasOwn(VARIANTS, word) ? VARIANTS[word] : undefined;
  if (known !== undefined) return known;
  if (word.length < 6) return word.replace(/^(.{2,})our$/, '$1or');
  return word
    .replace(/our(?=$|s$|ed$|ing$|able$|ite$)/, 'or')
    .replace(/([bt])re(s?)$/, '$1er$2')
    .replace(/ogue(s?)$/, 'og$1')
    .replace(/is(e[drs]?|ers?|ing|ations?|ational)$/, 'iz$1')
    .replace(/ll(ed|ing|er|or)(s?)$/, 'l$1$2')
    .replace(/ence$/, 'ense')
    .replace(/ae/, 'e');
}

const VARIANTS: Readonly<Record<string, string>> = {
  ...{ grey: 'gray', programme: 'program', programmes: 'programs', thru: 'through', cheque: 'check', tyre: 'tire' },
  ...{ adviser: 'advisor', licence: 'license', practise: 'practice', judgement: 'judgment', ageing: 'aging' },
  ...{ mould: 'mold', whisky: 'whiskey', disc: 'disk', lite: 'light', pix: 'pics', fibre: 'fiber', metre: 'meter' },
  ...{ litre: 'liter', tonne: 'ton', vise: 'vice', storey: 'story', kerb: 'curb', sceptical: 'skeptical' },
};
