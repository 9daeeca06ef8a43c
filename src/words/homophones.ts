import type { Dictionary, Prefix } from './dictionary.ts';
import { isHanUnit, type Lattice, latticeOf, unitAt } from './lattice.ts';
import { type Stretch, stretchesOf } from './stretches.ts';

/** How far left and right of a character words are looked at, in characters. */
const WINDOW = 5;

/** How much more probable a text would be with another character of the same sound in one place. */
export interface Margin {
  /** The character's place in the text, in code points. */
  readonly at: number;
  readonly character: string;
  /** Bits; above 0 the text with `best` is the more probable one. `null` where no other character sounds the same or the reading is not known. */
  readonly bits: number | null;
  readonly best: string | null;
  /** Bits that the word it stands in costs, for each of its characters: high in rare words, and where none was found. */
  readonly surprise: number;
}

export interface MarginOptions {
  /** Compares with characters of the same tone only; `false` takes any tone. Default `true`. */
  readonly sameTone?: boolean;
}

/**
 * For each Chinese character of a text the best gain of replacing it by another one of the same sound: Δ = max over c' of
 * S(x with c') − S(x), S the most probable cut into words, at most 40 candidates each. Only words that reach no further
 * than 5 characters from the place are tried; what stands outside of them keeps its best score, so each candidate costs
 * a few look-ups instead of a new cut. A high margin is a doubt, never a reason to correct.
 */
export function margins(text: string, dictionary: Dictionary, { sameTone = true }: MarginOptions = {}): Margin[] {
  const found: Margin[] = [];
  for (const stretch of stretchesOf(text)) addMargins(found, stretch, dictionary, sameTone);
  return found;
}

function addMargins(found: Margin[], { text, point }: Stretch, dictionary: Dictionary, sameTone: boolean): void {
  const lattice = latticeOf(text, dictionary);
  const { syllables, surprises } = alongWords(text, lattice, dictionary);
  let open: Open[] = [];
  let at = point;
  for (let unit = 0; unit < text.length; unit += 1) {
    const code = unitAt(text, unit, dictionary);
    if (!isHanUnit(code)) {
      open = [];
      // The second half of a surrogate pair is no code point of its own.
      if ((code & 0xfc00) !== 0xdc00) at += 1;
      continue;
    }
    open.push({ start: unit, prefix: dictionary.all });
    const syllable = syllables[unit] ?? -1;
    const best = syllable < 0 ? null : bestAt(text, unit, open, { lattice, dictionary, syllable, sameTone });
    const character = text.charAt(unit);
    found.push({
      at,
      character,
      bits: best && best.score - lattice.bits,
      best: best && String.fromCharCode(best.unit),
      surprise: surprises[unit] ?? 0,
    });
    open = open.flatMap(({ start, prefix }) => {
      const next = unit - start < WINDOW ? dictionary.step(prefix, code) : undefined;
      return next ? [{ start, prefix: next }] : [];
    });
    at += 1;
  }
}

/** A word that began at `start` and may go on. */
interface Open {
  readonly start: number;
  readonly prefix: Prefix;
}

interface Place {
  readonly lattice: Lattice;
  readonly dictionary: Dictionary;
  readonly syllable: number;
  readonly sameTone: boolean;
}

function bestAt(
  text: string,
  unit: number,
  open: readonly Open[],
  place: Place,
): { unit: number; score: number } | null {
  const { lattice, dictionary, syllable, sameTone } = place;
  const here = unitAt(text, unit, dictionary);
  const last = Math.min(text.length, unit + WINDOW + 1);
  let best: { unit: number; score: number } | null = null;
  for (const candidate of dictionary.spokenAs(syllable, sameTone).units) {
    if (candidate === here) continue;
    let score = (lattice.before[unit] ?? 0) + dictionary.unknown + (lattice.after[unit + 1] ?? 0);
    for (const { start, prefix } of open) {
      const before = lattice.before[start] ?? 0;
      let reached: Prefix | undefined = dictionary.step(prefix, candidate);
      for (let end = unit + 1; reached; end += 1) {
        const word = dictionary.wordAt(reached);
        if (word >= 0) score = Math.max(score, before + dictionary.logProbability(word) + (lattice.after[end] ?? 0));
        if (end >= last) break;
        reached = dictionary.step(reached, unitAt(text, end, dictionary));
      }
    }
    if (best === null || score > best.score) best = { unit: candidate, score };
  }
  return best;
}

/** The syllable of each code unit by the word it stands in, -1 where no word has it, and the word's bits for each of its characters. */
function alongWords(text: string, { pieces }: Lattice, dictionary: Dictionary) {
  const syllables = new Int32Array(text.length).fill(-1);
  const surprises = new Float64Array(text.length);
  for (const { start, end, word } of pieces) {
    const cost = word < 0 ? dictionary.unknown : dictionary.logProbability(word);
    surprises.fill(-cost / (end - start), start, end);
    if (word < 0) continue;
    for (let unit = start; unit < end; unit += 1) syllables[unit] = dictionary.syllable(word, unit - start);
  }
  return { syllables, surprises };
}
