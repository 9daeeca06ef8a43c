import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ranking, rankingOf } from '#ledger/index.ts';
import { align } from '#score/index.ts';
import { ambiguityOf, type Dictionary, heardWords, margins } from '#words/index.ts';

/** How ambiguous running Chinese is to the ear, by a dictionary alone; shares of running words, and bits a word. */
export interface Ambiguity {
  readonly withHomophone: number;
  readonly withRivalOfTenth: number;
  readonly notTheMostFrequent: number;
  readonly bitsPerWord: number;
}

/** What a file of recorded hypotheses says of the dictionary's signals. */
export interface HypothesisFigures {
  readonly characters: number;
  readonly wrong: number;
  /** How well each signal puts wrong characters before right ones. */
  readonly sameTone: Ranking;
  readonly anyTone: Ranking;
  readonly surprise: Ranking;
  readonly together: Ranking;
  /** Words with 2 bits or more, which the ledger lists, and how many of them are wrong. */
  readonly listedWords: number;
  readonly listedWrong: number;
  readonly bitsPerWord: number;
}

/** Everything that `npm run eval:ledger` says of homophones; the files that a folder lacks are left out. */
export interface HomophoneFigures {
  readonly withTone: Ambiguity;
  readonly withoutTone: Ambiguity;
  /** By set and recogniser, such as `aishell1.ctc_greedy`. */
  readonly hypotheses: Readonly<Record<string, HypothesisFigures>>;
  /** Words that sound like a target, by hand: how many of them are among its alternatives. */
  readonly confusables: { readonly found: number; readonly of: number };
}

const SETS = { aishell1: ['ctc_greedy', 'attention', 'attention_rescoring'], aishell2: ['hypothesis'] } as const;

/** Measures what the dictionary knows against the recorded hypotheses and the hand-made sentences in a folder. */
export async function homophoneFigures(folder: string, dictionary: Dictionary): Promise<HomophoneFigures> {
  const hypotheses: Record<string, HypothesisFigures> = {};
  for (const [set, columns] of Object.entries(SETS)) {
    const [head, ...rows] = (await linesOf(join(folder, `${set}-asr-hypotheses.tsv`))).map((line) => line.split('\t'));
    for (const column of columns) {
      const [reference = -1, hypothesis = -1] = ['reference', column].map((name) => head?.indexOf(name));
      if (reference < 0 || hypothesis < 0) continue;
      const pairs = rows.map((row) => [row[reference] ?? '', row[hypothesis] ?? ''] as const);
      hypotheses[`${set}.${column}`] = hypothesisFigures(pairs, dictionary);
    }
  }
  const [withTone, withoutTone] = [ambiguityFigures(dictionary, true), ambiguityFigures(dictionary, false)];
  return { withTone, withoutTone, hypotheses, confusables: await confusablesIn(folder, dictionary) };
}

async function confusablesIn(folder: string, dictionary: Dictionary): Promise<{ found: number; of: number }> {
  let [found, of] = [0, 0];
  for (const line of await linesOf(join(folder, 'homophones_zh.jsonl'))) {
    const { kind, target, confusables }: { kind: string; target: string; confusables: string[] } = JSON.parse(line);
    if (kind !== 'homophone') continue;
    const others = ambiguityOf(dictionary.find(target), dictionary).others.map(({ text }) => text);
    of += confusables.length;
    found += confusables.filter((word) => others.includes(word)).length;
  }
  return { found, of };
}

async function linesOf(path: string): Promise<string[]> {
  try {
    return (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Reproduces the table of research/loss.md §3.1. */
export function ambiguityFigures(dictionary: Dictionary, tones: boolean): Ambiguity {
  const sounds = new Map<string, number[]>();
  for (let word = 0; word < dictionary.words; word += 1) {
    const sound = tones ? dictionary.sound(word) : dictionary.sound(word).replace(/\d/g, '');
    const known = sounds.get(sound);
    if (known) known.push(dictionary.count(word));
    else sounds.set(sound, [dictionary.count(word)]);
  }
  let [rivalled, tenth, lesser, bits] = [0, 0, 0, 0];
  for (const counts of sounds.values()) {
    const all = counts.reduce((sum, count) => sum + count, 0);
    const [most = 0, second = 0] = [...counts].sort((a, b) => b - a);
    for (const count of counts) {
      const rival = count === most ? second : most;
      if (counts.length > 1) rivalled += count;
      if (counts.length > 1 && rival >= count / 10) tenth += count;
      if (count < most) lesser += count;
      if (count > 0) bits += count * Math.log2(all / count);
    }
  }
  const share = (count: number) => count / dictionary.tokens;
  return {
    withHomophone: share(rivalled),
    withRivalOfTenth: share(tenth),
    notTheMostFrequent: share(lesser),
    bitsPerWord: share(bits),
  };
}

/** Scores each character of the hypotheses and compares with where they are wrong. `rows` are pairs of reference and hypothesis. */
export function hypothesisFigures(
  rows: readonly (readonly [reference: string, hypothesis: string])[],
  dictionary: Dictionary,
): HypothesisFigures {
  const signals: [sameTone: number, anyTone: number, surprise: number, wrong: boolean][] = [];
  let [words, bits, listedWords, listedWrong] = [0, 0, 0, 0];
  for (const [reference, hypothesis] of rows) {
    const wrong = wrongIn(reference, hypothesis);
    const anyTone = margins(hypothesis, dictionary, { sameTone: false });
    for (const [index, { at, bits, surprise }] of margins(hypothesis, dictionary).entries())
      signals.push([bits ?? NO_RIVAL, anyTone[index]?.bits ?? NO_RIVAL, surprise, wrong[at] === 1]);
    for (const word of heardWords(hypothesis, dictionary)) {
      words += 1;
      bits += word.bits;
      if (word.bits < 2) continue;
      listedWords += 1;
      if (wrong.subarray(word.start, word.end).includes(1)) listedWrong += 1;
    }
  }
  const ranked = (score: (one: (typeof signals)[number]) => number) =>
    rankingOf(signals.map((one) => ({ value: score(one), hit: one[3] })));
  return {
    ...{ characters: signals.length, wrong: signals.filter((one) => one[3]).length },
    sameTone: ranked(([sameTone]) => sameTone),
    anyTone: ranked(([, anyTone]) => anyTone),
    surprise: ranked(([, , surprise]) => surprise),
    // Another tone is less likely to be what was said: 3 bits less. Nothing here is fitted.
    together: ranked(([sameTone, anyTone, surprise]) => Math.max(sameTone, anyTone - 3) + surprise),
    ...{ listedWords, listedWrong, bitsPerWord: bits / words },
  };
}

/** Stands for the margin of a character that nothing else sounds like: lower than any. */
const NO_RIVAL = -60;

/** 1 for each code point of the hypothesis that is a substitution or an insertion. */
function wrongIn(reference: string, hypothesis: string): Uint8Array {
  const points = [...hypothesis];
  const wrong = new Uint8Array(points.length);
  for (const { kind, hypothesis: range } of align([...reference], points).spans)
    if (kind !== 'hit' && kind !== 'deletion') wrong.fill(1, range.start, range.end);
  return wrong;
}
