import { likenessOfReadings } from './near.ts';
import { type Reading, readingsOf } from './pinyin.ts';

/** More steps than this are counted as this many: two sounds that have nothing in common. */
const MOST_STEPS = 4;

/**
 * How many steps of articulation lie between two readings, whatever their tones: 0 the same syllable, 0.5 a near one (`likeness`),
 * 1 where one part differs by one feature (breath or manner of the initial: b/p, z/c/s; glide, vowel or ending of the final: an/ian, ei/ai),
 * 2 where a whole part is another, up to 4. The features are those of any textbook of Mandarin phonetics; nothing is fitted.
 */
export function stepsBetweenReadings(one: Reading, other: Reading): number {
  const likeness = likenessOfReadings(one, other);
  if (likeness !== 'other') return likeness === 'near' ? 0.5 : 0;
  const [mine, theirs] = [partsOf(one.syllable), partsOf(other.syllable)];
  return Math.min(MOST_STEPS, initialSteps(mine.initial, theirs.initial) + finalSteps(mine, theirs));
}

const known = new Map<string, number>();

/** The steps between two characters in those of their readings that are closest; 4 where one has none and they differ. About 0.1 µs once seen. */
export function stepsBetween(one: string, other: string): number {
  if (one === other) return 0;
  const pair = one < other ? one + other : other + one;
  const before = known.get(pair);
  if (before !== undefined) return before;
  let fewest = MOST_STEPS;
  for (const mine of readingsOf(one))
    for (const theirs of readingsOf(other)) fewest = Math.min(fewest, stepsBetweenReadings(mine, theirs));
  // Pairs that occur are few; should a text bring all there are, memory stays where it is.
  if (known.size >= 100_000) known.clear();
  known.set(pair, fewest);
  return fewest;
}

interface Parts {
  readonly initial: string;
  readonly glide: string;
  readonly vowel: string;
  readonly ending: string;
}

const parted = new Map<string, Parts>();

function partsOf(syllable: string): Parts {
  const before = parted.get(syllable);
  if (before) return before;
  const made = cut(syllable);
  if (parted.size < 10_000) parted.set(syllable, made);
  return made;
}

/** Finals that pinyin writes shorter than they are, in full. */
const IN_FULL: Readonly<Record<string, string>> = {
  iu: 'iou',
  ui: 'uei',
  un: 'uen',
  ong: 'ueng',
  iong: 'üeng',
  ün: 'üen',
  in: 'ien',
  ing: 'ieng',
  o: 'ue',
  uo: 'ue',
};

function cut(syllable: string): Parts {
  // y and w only say that no initial stands before the vowel.
  const spoken = syllable.replace(/^yu/, 'ü').replace(/^yi?/, 'i').replace(/^wu?/, 'u');
  const [, initial = '', written = ''] = /^(zh|ch|sh|[bpmfdtnlgkhjqxrzcs])?(.*)$/.exec(spoken) ?? [];
  let final = /^[jqx]$/.test(initial) ? written.replace(/^u/, 'ü') : written === 'ue' ? 'üe' : written;
  // The vowel of zhi and zi is none of the others.
  if (final === 'i' && /^(?:[zcs]h?|r)$/.test(initial)) final = 'ɨ';
  final = IN_FULL[final] ?? final;
  const [, glide = '', vowel = '', ending = ''] = /^([iuü]?)(.*?)(ng|[niuo])?$/.exec(final) ?? [];
  return { initial, glide, vowel, ending };
}

/** Where the tongue or lips are: initials of one place differ in breath or manner only. */
const PLACES = ['bp', 'dt', 'gkh', 'jqx', 'zcs', 'lr'];

function initialSteps(one: string, other: string): number {
  if (one === other) return 0;
  const [mine, theirs] = [one.charAt(0), other.charAt(0)];
  if (mine === theirs || isPair(mine, theirs, 'ln') || isPair(mine, theirs, 'fh')) return 0.5;
  return PLACES.some((place) => isPair(mine, theirs, place)) ? 1 : 2;
}

function isPair(one: string, other: string, letters: string): boolean {
  return one !== '' && other !== '' && letters.includes(one) && letters.includes(other);
}

function finalSteps(one: Parts, other: Parts): number {
  const nasal = one.ending.startsWith('n') && other.ending.startsWith('n');
  const ending = one.ending === other.ending ? 0 : nasal ? 0.5 : 1;
  return Math.min(2, Number(one.glide !== other.glide) + Number(one.vowel !== other.vowel) + ending);
}
