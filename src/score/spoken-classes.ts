import { countedIn, particlePlaces, particlesIn } from '#words/index.ts';
import { cut, type Unit } from './units.ts';

/** What an exact transcript has and a tidy one leaves out. */
export type SpokenClass = 'particle' | 'filler' | 'repetition';

/** A unit without case and punctuation, and the classes it is of. */
export interface ClassedUnit {
  readonly text: string;
  readonly classes: ReadonlySet<SpokenClass>;
}

/** A text as units with their classes, and the tags in brackets that stand in it, in order. */
export interface Classed {
  readonly units: readonly ClassedUnit[];
  readonly tags: readonly string[];
}

// [laughter], [笑声], 【停顿】, <noise/>: short, and in one line.
const TAG = /\[[^[\]\n]{1,40}\]|【[^【】\n]{1,40}】|<\/?[\p{L}][^<>\n]{0,40}>/gu;

/** How many units may be said again to count as a repetition of what stands just before them: “I want to I want to”. */
const LONGEST_REPETITION = 4;

/**
 * Finds particles (语气词), fillers, repetitions and tags. A repetition is what says again the one to four units just before it; a word
 * made of one character twice (妈妈, 看看) is one too, for nothing in the text tells them apart, so compare only with what is scored the same way.
 */
export function classed(text: string, unit: Unit, language: string | null): Classed {
  const tags: string[] = [];
  const words = text.replaceAll(TAG, (tag) => {
    tags.push(tag.toLowerCase().replaceAll(/\s+/gu, ' '));
    return ' ';
  });
  const one = language?.includes('+') ? null : language;
  const particles = new Set(countedIn(one).particles ? particlePlaces(words).map(({ at }) => at) : []);
  const { texts, starts } = cut(words, unit);
  const units = texts
    .map((written, at) => ({ text: bare(written), start: starts[at] ?? 0 }))
    .filter(({ text: spelled }) => spelled !== '');
  const repeated = repetitionsIn(units.map(({ text: spelled }) => spelled));
  return {
    tags,
    units: units.map(({ text: spelled, start }, at) => {
      const classes = new Set<SpokenClass>();
      const isHan = /^\p{Script=Han}$/u.test(spelled);
      const kind = isHan && !particles.has(start) ? null : wholly(spelled, one);
      if (kind !== null) classes.add(kind);
      if (repeated.has(at)) classes.add('repetition');
      return { text: spelled, classes };
    }),
  };
}

// What a whole unit is, not what it has inside: 好吧 written as one word is no particle.
function wholly(spelled: string, language: string | null): 'particle' | 'filler' | null {
  if (!/^(?:\p{Script=Han}|[\p{Script=Latin}\p{M}\p{Script=Hiragana}\p{Script=Katakana}ー〜'’-]+)$/u.test(spelled))
    return null;
  return particlesIn(spelled, language)[0]?.kind ?? null;
}

function bare(unit: string): string {
  return unit.toLowerCase().replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu, '');
}

function repetitionsIn(units: readonly string[]): Set<number> {
  const repeated = new Set<number>();
  for (let length = 1; length <= LONGEST_REPETITION; length += 1) {
    let run = 0; // how many units in a row say what stood `length` before them
    for (let at = length; at < units.length; at += 1) {
      run = units[at] === units[at - length] ? run + 1 : 0;
      if (run >= length) for (let back = 0; back < length; back += 1) repeated.add(at - back);
    }
  }
  return repeated;
}
