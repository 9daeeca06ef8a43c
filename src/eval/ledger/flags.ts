import {
  eceOf,
  type Fitted,
  fitProfile,
  type LabelledItem,
  type ReliabilityBin,
  rankerOf,
  reliabilityOf,
  type Scored,
  type Signal,
} from '#ledger/index.ts';
import { blocksBy, bootstrap, type Interval } from '#score/index.ts';
import type { Dictionary } from '#words/index.ts';
import { itemsOf, type Judged, judgedOf } from './judged.ts';
import { type Learned, learningCurve } from './learning.ts';
import { readRecorded } from './recorded.ts';

/** How well wrong characters are told from right ones, each judged by what was fitted without its speaker; `null` where nothing could be. */
export interface FlagFigures {
  readonly auroc: number | null;
  readonly ap: number | null;
  readonly recallAtP60: number | null;
  readonly ece: number | null;
  /** For 95 of 100 draws of speakers. */
  readonly intervals: Readonly<Record<'auroc' | 'ap' | 'recallAtP60' | 'ece', Interval>> | null;
  readonly bins: readonly ReliabilityBin[];
  readonly characters: number;
  readonly wrong: number;
  readonly speakers: number;
  /** Share of the characters said to be wrong, and of those that were. */
  readonly expectedRate: number | null;
  readonly observedRate: number | null;
  /** How well it does with fewer labelled utterances, tried on speakers that were left out. */
  readonly learning: readonly Learned[];
  /** Which set, and which columns were taken for what. */
  readonly from: string | null;
  readonly reason: string | null;
}

export interface Flags {
  /** From another decoder and a dictionary alone. */
  readonly textOnly: FlagFigures;
  /** With what one language model would correct beside them. */
  readonly withProofread: FlagFigures;
}

const TEXT: readonly Signal[] = ['second-reader', 'dictionary'];

/**
 * How well loss 1 finds wrong characters in the recorded hypotheses of a folder. Everything is fitted within the files, cross-validated by
 * speaker; nothing comes from the factory's profiles. Only the first set that has another decoder's column is taken.
 */
export async function flagFigures(folder: string, dictionary: Dictionary): Promise<Flags> {
  for (const [set, utterances] of await readRecorded(folder)) {
    const [second] = Object.keys(utterances[0]?.readers ?? {});
    if (second === undefined) continue;
    const correctors = Object.keys(utterances[0]?.corrected ?? {});
    const corrector = correctors.find((name) => name === 'gpt4o') ?? correctors[0];
    const judged = utterances.map((one) => judgedOf(one, second, corrector, dictionary));
    const from = `${set}: ${second} beside the first`;
    return {
      textOnly: figuresOf(judged, TEXT, from),
      withProofread:
        corrector === undefined
          ? unknown('No column has what a language model would correct.')
          : figuresOf(judged, [...TEXT, 'proof-read'], `${from}, corrected by ${corrector}`),
    };
  }
  const none = unknown('No file has the column of another decoder.');
  return { textOnly: none, withProofread: none };
}

function figuresOf(judged: readonly Judged[], signals: readonly Signal[], from: string): FlagFigures {
  const items = judged.flatMap((one) => itemsOf(one, signals));
  const fit = { id: 'eval', unit: 'han', signals, domain: from, date: new Date(0) } as const;
  let fitted: Fitted;
  try {
    fitted = fitProfile(items, fit);
  } catch (error) {
    return { ...unknown((error as Error).message), from };
  }
  const { profile, probabilities, bins } = fitted;
  const scored = items.map(({ wrong }, at): Scored => ({ value: probabilities[at] ?? 0, hit: wrong }));
  const { auroc, ap, recallAtP60, ece, errors, groups } = profile;
  return {
    ...{ auroc, ap, recallAtP60, ece, bins, from, reason: null },
    intervals: intervalsOf(scored, items),
    ...{ characters: items.length, wrong: errors, speakers: groups },
    expectedRate: probabilities.reduce((sum, p) => sum + p, 0) / items.length,
    observedRate: errors / items.length,
    learning: learningCurve(judged, signals),
  };
}

/** Speakers are drawn with repetition; what is judged stays as it was judged. */
function intervalsOf(scored: readonly Scored[], items: readonly LabelledItem[]): FlagFigures['intervals'] {
  const speakers = blocksBy([...items.keys()], (item) => items[item]?.group ?? '');
  const speakerOf = new Int32Array(items.length);
  for (const [speaker, block] of speakers.entries()) for (const item of block) speakerOf[item] = speaker;
  const rank = rankerOf(scored);
  const drawn = (sample: readonly number[]) => {
    const times = new Float64Array(speakers.length);
    for (const speaker of sample) times[speaker] = (times[speaker] ?? 0) + 1;
    return rank((item) => times[speakerOf[item] ?? 0] ?? 0);
  };
  const all = [...speakers.keys()];
  const figure = (of: (sample: readonly number[]) => number) => bootstrap(all, of, { draws: 300 });
  const binsOf = speakers.map((block) => reliabilityOf(block.flatMap((item) => scored[item] ?? [])));
  return {
    auroc: figure((sample) => drawn(sample).auroc),
    ap: figure((sample) => drawn(sample).ap),
    recallAtP60: figure((sample) => drawn(sample).recallAtP60),
    ece: figure((sample) => eceOf(joined(sample.flatMap((speaker) => binsOf[speaker] ?? [])))),
  };
}

/** Bins of several speakers as if they had been one. */
function joined(bins: readonly ReliabilityBin[]): ReliabilityBin[] {
  const byPlace = blocksBy(bins, ({ from }) => String(from));
  return byPlace.flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const items = same.reduce((sum, one) => sum + one.items, 0);
    const mean = (of: (one: ReliabilityBin) => number) =>
      same.reduce((sum, one) => sum + one.items * of(one), 0) / items;
    return { ...first, items, predicted: mean((one) => one.predicted), observed: mean((one) => one.observed) };
  });
}

function unknown(reason: string): FlagFigures {
  return {
    ...{ auroc: null, ap: null, recallAtP60: null, ece: null, intervals: null, bins: [], characters: 0, wrong: 0 },
    ...{ speakers: 0, expectedRate: null, observedRate: null, learning: [], from: null, reason },
  };
}
