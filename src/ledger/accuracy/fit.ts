import { SensoriumError } from '#contract/error.ts';
import { eceOf, type ReliabilityBin, rankingOf, reliabilityOf, type Scored } from './curves.ts';
import { fitLine, fitLogistic, type Logistic, scoreByLogistic } from './logistic.ts';
import type { CalibrationProfile, ProfileUnit } from './profile.ts';
import { featuresOf, type Signal } from './signals.ts';
import { fitTrees, scoreByTrees, type Trees } from './trees.ts';

/** A unit somebody checked, with its row of signals. Units of one group (a speaker, a document) are alike, and are never fitted and judged at once. */
export interface LabelledItem {
  readonly row: readonly number[];
  readonly wrong: boolean;
  readonly group: string;
}

export interface FitOptions {
  readonly id: string;
  readonly unit: ProfileUnit;
  /** Part of the name of the engines it is for; all where left out. */
  readonly engine?: string | undefined;
  /** Whose columns the rows have, side by side. */
  readonly signals: readonly Signal[];
  /** `auto`: trees where there are errors enough for them, else logistic regression. */
  readonly model?: 'auto' | 'trees' | 'logistic' | undefined;
  readonly folds?: number | undefined;
  readonly domain: string;
  readonly date: Date;
}

/** A profile, and how it did on items that it was not fitted on: `probabilities` in the order of the items. */
export interface Fitted {
  readonly profile: CalibrationProfile;
  readonly probabilities: Float64Array;
  readonly bins: readonly ReliabilityBin[];
}

/** With fewer errors than this trees learn less than a line does. */
export const TREES_FROM_ERRORS = 400;
/** Fewer tell nothing of what an error looks like. */
export const FEWEST_ERRORS = 10;
const FOLDS = 5;

/**
 * Fits a profile on units that somebody checked. It is judged by cross-validation over whole groups, at most `folds` (5) ways: each item's
 * probability comes from a model, and a Platt scaling, that saw nothing of its group. The profile itself is fitted on all. Throws
 * `ledger.too-few-items` where there are fewer than 10 errors, 10 right items or 2 groups.
 */
export function fitProfile(items: readonly LabelledItem[], options: FitOptions): Fitted {
  const groups = [...new Set(items.map(({ group }) => group))];
  const errors = items.reduce((sum, { wrong }) => sum + (wrong ? 1 : 0), 0);
  if (errors < FEWEST_ERRORS || items.length - errors < FEWEST_ERRORS || groups.length < 2) {
    throw new SensoriumError(
      'ledger.too-few-items',
      `${items.length} items with ${errors} errors in ${groups.length} groups are too few to learn from.`,
      { hint: `Label more: at least ${FEWEST_ERRORS} errors and as many right items, in 2 groups; 100 utterances do.` },
    );
  }
  const rows = items.map(({ row }) => row);
  const wrong = items.map((item) => item.wrong);
  const kind = kindOf(options.model ?? 'auto', errors);

  const foldOf = foldsOf(items, Math.min(options.folds ?? FOLDS, groups.length));
  const raw = outOfFold(rows, wrong, foldOf, kind);
  const probabilities = calibratedOutOfFold(raw, wrong, foldOf);
  const scored: Scored[] = wrong.map((hit, at) => ({ value: probabilities[at] ?? 0, hit }));
  const bins = reliabilityOf(scored);

  const profile: CalibrationProfile = {
    schema: 'calibration-profile/1',
    ...{
      id: options.id,
      unit: options.unit,
      engine: options.engine ?? null,
      signals: [...options.signals],
      features: featuresOf(options.signals),
    },
    model: fitModel(rows, wrong, kind),
    calibration: fitLine(raw, wrong),
    ...{ items: items.length, errors, groups: groups.length },
    ...rankingOf(scored),
    ece: eceOf(bins),
    ...{ spread: spreadOf(items, probabilities), clustering: clusteringOf(items, probabilities) },
    ...{ domain: options.domain, date: options.date.toISOString().slice(0, 10) },
  };
  return { profile, probabilities, bins };
}

type Kind = 'trees' | 'logistic';

function kindOf(wanted: 'auto' | Kind, errors: number): Kind {
  if (wanted !== 'auto') return wanted;
  return errors >= TREES_FROM_ERRORS ? 'trees' : 'logistic';
}

function fitModel(rows: readonly (readonly number[])[], wrong: readonly boolean[], kind: Kind) {
  return kind === 'trees' ? fitTrees(rows, wrong.map(Number)) : fitLogistic(rows, wrong);
}

function scoreOf(model: Trees | Logistic, row: readonly number[]): number {
  return model.kind === 'trees' ? scoreByTrees(model, row) : scoreByLogistic(model, row);
}

/** The fold of each item: whole groups, the largest first, each to the fold with the fewest items. */
function foldsOf(items: readonly LabelledItem[], folds: number): Uint8Array {
  const sizes = new Map<string, number>();
  for (const { group } of items) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const filled = Array.from({ length: folds }, () => 0);
  const chosen = new Map<string, number>();
  for (const [group, size] of [...sizes].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))) {
    const fold = filled.indexOf(Math.min(...filled));
    filled[fold] = (filled[fold] ?? 0) + size;
    chosen.set(group, fold);
  }
  return Uint8Array.from(items, ({ group }) => chosen.get(group) ?? 0);
}

function outOfFold(
  rows: readonly (readonly number[])[],
  wrong: readonly boolean[],
  foldOf: Uint8Array,
  kind: Kind,
): Float64Array {
  const raw = new Float64Array(rows.length);
  for (const fold of new Set(foldOf)) {
    const isIn = (_: unknown, at: number) => foldOf[at] !== fold;
    const model = fitModel(rows.filter(isIn), wrong.filter(isIn), kind);
    for (const [at, row] of rows.entries()) if (foldOf[at] === fold) raw[at] = scoreOf(model, row);
  }
  return raw;
}

/** Each fold is scaled by the line that fits the others, so that the figures say nothing of what they were fitted on. */
function calibratedOutOfFold(raw: Float64Array, wrong: readonly boolean[], foldOf: Uint8Array): Float64Array {
  const probabilities = new Float64Array(raw.length);
  for (const fold of new Set(foldOf)) {
    const isIn = (_: unknown, at: number) => foldOf[at] !== fold;
    const { slope, offset } = fitLine(raw.filter(isIn), wrong.filter(isIn));
    for (const [at, score] of raw.entries())
      if (foldOf[at] === fold) probabilities[at] = 1 / (1 + Math.exp(-(slope * score + offset)));
  }
  return probabilities;
}

/** So many units in a row are looked at together: some 30 s of speech, a text as the ledger has it. */
const STRETCH = 150;

/** Errors come in clusters: (observed − expected)² of stretches of one group, as a multiple of what there would be if each fell alone; at least 1. */
function clusteringOf(items: readonly LabelledItem[], probabilities: Float64Array): number {
  let [squares, alone] = [0, 0];
  for (let from = 0; from < items.length; ) {
    let [difference, variance, at] = [0, 0, from];
    for (; at < from + STRETCH && items[at]?.group === items[from]?.group; at += 1) {
      const predicted = probabilities[at] ?? 0;
      difference += (items[at]?.wrong ? 1 : 0) - predicted;
      variance += predicted * (1 - predicted);
    }
    squares += difference ** 2;
    alone += variance;
    from = at;
  }
  return alone > 0 ? Math.max(1, squares / alone) : 1;
}

/** By moments: (observed − expected)² of each group, less what chance alone makes of it, as a share of expected². */
function spreadOf(items: readonly LabelledItem[], probabilities: Float64Array): number {
  const groups = new Map<string, { difference: number; expected: number; variance: number }>();
  for (const [at, { group, wrong }] of items.entries()) {
    const predicted = probabilities[at] ?? 0;
    const one = groups.get(group) ?? { difference: 0, expected: 0, variance: 0 };
    one.difference += (wrong ? 1 : 0) - predicted;
    one.expected += predicted;
    one.variance += predicted * (1 - predicted);
    groups.set(group, one);
  }
  let [beyond, expected] = [0, 0];
  for (const one of groups.values()) {
    beyond += one.difference ** 2 - one.variance;
    expected += one.expected ** 2;
  }
  return expected > 0 ? Math.sqrt(Math.max(0, beyond / expected)) : 0;
}
