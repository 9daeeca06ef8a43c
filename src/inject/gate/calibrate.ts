import { createHash } from 'node:crypto';
import type { VectorModel } from '#contract/ports.ts';
import type { GateCalibration, ModelFingerprint } from '#contract/prompt-vectors.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { bootstrap } from '#score/index.ts';
import { sketchTokens } from '../engine/fingerprint.ts';
import { checkBehaviour } from './check-behaviour.ts';
import { checkDrift, driftReference } from './check-drift.ts';
import { checkIdentity } from './check-identity.ts';
import { BETWEEN } from './families/between.ts';
import { HOSTILE } from './families/hostile.ts';
import { POSITIVE } from './families/positive.ts';
import type { Family, Spoiled, Table } from './families/table.ts';
import { type Information, measureReadings, type TextBaseline, textBaseline } from './information.ts';
import { LEAST_SHARE, LEAST_T } from './rules.ts';

/** What is added to the worst family’s upper bound. */
const MARGIN = 0.02;
const ROC_STEPS = 20;

export type Kind = 'hostile' | 'positive' | 'between';

/** One family with one seed, judged by behaviour alone. */
export interface Run extends Omit<Information, 'gains' | 'textGains'> {
  readonly kind: Kind;
  readonly family: string;
  readonly seed: number;
  readonly accepted: boolean;
  /** Whether the check of identity would have refused it, and that of drift: what a careless component would have been caught by. */
  readonly refusedByIdentity: boolean;
  readonly refusedByDrift: boolean;
  readonly gains: readonly number[];
  readonly textGains: readonly number[];
}

export interface CalibrateOptions {
  readonly signal: AbortSignal;
  /** Sentences read; 24 tell what 64 tell of controls as clear as these. */
  readonly references: readonly string[];
  /** Seeds of each kind of family; families that have no chance in them count each once. */
  readonly seeds: Readonly<Record<Kind, number>>;
  /** Another model’s table; the family that needs it is left out without. */
  readonly foreign: Table | null;
  readonly baseline?: TextBaseline | undefined;
  readonly now?: Date | undefined;
  onRun?(run: Run, done: number, total: number): void;
}

/** What was run, and what it comes to. */
export interface Exam {
  readonly runs: readonly Run[];
  readonly calibration: GateCalibration;
}

/** Families without chance: another seed would be the same again. */
const CERTAIN: ReadonlySet<string> = new Set([
  ...[
    'ownTable',
    'twofold',
    'fourfold',
    'half',
    'eightBits',
    'pooled',
    'signsFlipped',
    'oneBit',
    'quarter',
    'thirtyTwofold',
  ],
]);

/**
 * Tries the gate’s behavioural check on a model with vectors that must be refused and vectors that must be let through, made from the model’s own
 * table. Identity, round trip and drift are not asked: this measures what behaviour alone tells.
 */
export async function calibrateGate(model: VectorModel, options: CalibrateOptions): Promise<Exam> {
  const { signal, references, seeds, foreign, onRun } = options;
  const own = await ownTableOf(model, signal);
  const fingerprint = await model.fingerprint(signal);
  const items: (readonly number[])[] = [];
  for (const text of references) items.push(await model.tokenize(text, signal));
  const baseline = options.baseline ?? textBaseline(model, references, signal);
  const wanted = plannedRuns(seeds, foreign !== null);
  const runs: Run[] = [];
  for (const { kind, family, name, seed } of wanted) {
    throwIfCancelled(signal);
    const make = await family(own, seed, foreign);
    const found = await measureReadings(
      model,
      references,
      async (at) => ({ vectors: await make({ tokens: items[at] ?? [], at, items }) }),
      { signal, baseline, mayStop: true },
    );
    const others = await otherChecks(name, make, fingerprint, items);
    const accepted = checkBehaviour(found, references.length).outcome === 'passed';
    const run: Run = { kind, family: name, seed, accepted, ...others, ...found };
    runs.push(run);
    onRun?.(run, runs.length, wanted.length);
  }
  return { runs, calibration: calibrationOf(runs, options.now) };
}

/** Families that mix up items and not rows: of a single row there is nothing to see. */
const OF_ITEMS: ReadonlySet<string> = new Set(['shuffledItems', 'transposed', 'orderDestroyed', 'pooled']);

/** What the checks before behaviour say of a family, its table taken at its word. */
async function otherChecks(
  family: string,
  make: (item: Spoiled) => Promise<Float32Array>,
  fingerprint: ModelFingerprint,
  items: readonly (readonly number[])[],
): Promise<Pick<Run, 'refusedByIdentity' | 'refusedByDrift'>> {
  const { width, vocabulary, sketch } = fingerprint;
  const values = await make({ tokens: items[0] ?? [], at: 0, items });
  const drift = checkDrift([values], fingerprint, driftReference({ kind: 'own-table', statistics: null }, fingerprint));
  const refusedByDrift = drift.outcome === 'refused';
  if (sketch === null || vocabulary === null || OF_ITEMS.has(family))
    return { refusedByIdentity: false, refusedByDrift };
  const rows: number[][] = [];
  for (const token of sketchTokens(vocabulary))
    rows.push([...(await make({ tokens: [token], at: 0, items: [[token]] }))]);
  const hash = createHash('sha256').update(Float32Array.from(rows.flat())).digest('hex');
  const target = { ...fingerprint, width: rows[0]?.length ?? width, tableSha256: hash, sketch: rows };
  return { refusedByIdentity: checkIdentity(target, fingerprint).outcome === 'refused', refusedByDrift };
}

function plannedRuns(seeds: Readonly<Record<Kind, number>>, withForeign: boolean) {
  const kinds: readonly (readonly [Kind, Readonly<Record<string, Family>>])[] = [
    ['positive', POSITIVE],
    ['between', BETWEEN],
    ['hostile', HOSTILE],
  ];
  const planned = kinds.flatMap(([kind, families]) =>
    Object.entries(families)
      .filter(([name]) => withForeign || name !== 'foreignTable')
      .flatMap(([name, family]) =>
        Array.from({ length: Math.min(seeds[kind], CERTAIN.has(name) ? 1 : seeds[kind]) }, (_, at) => ({
          ...{ kind, family, name, seed: at + 1 },
        })),
      ),
  );
  // Seed by seed, so that whoever watches soon sees something of every family.
  return planned.sort((one, other) => one.seed - other.seed);
}

/** What runs come to: how many were judged rightly, the threshold they ask for, and a point of the ROC for each threshold. */
export function calibrationOf(runs: readonly Run[], now = new Date()): GateCalibration {
  const [negatives, positives] = [runs.filter(isOf('hostile')), runs.filter(isOf('positive'))];
  const passes = (run: Run, threshold: number) =>
    run.t >= LEAST_T && run.share.low !== null && run.share.low >= threshold;
  const shareOf = (some: readonly Run[], threshold: number) =>
    some.length === 0 ? 0 : some.filter((run) => passes(run, threshold)).length / some.length;
  return {
    date: now.toISOString().slice(0, 10),
    ...{ negatives: negatives.length, positives: positives.length },
    negativesRefused: negatives.filter(({ accepted }) => !accepted).length,
    positivesAccepted: positives.filter(({ accepted }) => accepted).length,
    threshold: Math.max(LEAST_SHARE, worstUpperBound(negatives) + MARGIN),
    roc: Array.from({ length: ROC_STEPS + 1 }, (_, at) => at / ROC_STEPS).map((threshold) => ({
      threshold,
      falseAccepts: shareOf(negatives, threshold),
      trueAccepts: shareOf(positives, threshold),
    })),
  };
}

const isOf =
  (kind: Kind) =>
  (run: Run): boolean =>
    run.kind === kind;

/** The highest upper bound of a family’s information share, all its seeds together: a single run that was stopped early has few items. */
export function worstUpperBound(negatives: readonly Run[]): number {
  const highs = [...new Set(negatives.map(({ family }) => family))].map((family) => {
    const runs = negatives.filter((run) => run.family === family);
    const sum = (some: readonly Run[], of: 'gains' | 'textGains') =>
      some.reduce((all, run) => all + run[of].reduce((a, b) => a + b, 0), 0);
    return bootstrap(runs, (some) => sum(some, 'gains') / sum(some, 'textGains')).high ?? 0;
  });
  return Math.max(0, ...highs);
}

async function ownTableOf(model: VectorModel, signal: AbortSignal): Promise<Table> {
  const { width, vocabulary, scale } = await model.fingerprint(signal);
  const { rows } = model;
  if (rows === null || vocabulary === null) throw new RangeError('The model’s table is not at hand.');
  return {
    ...{ width, vocabulary },
    rows: async (tokens) => {
      const read = await rows(tokens, signal);
      return scale === 1 ? read : read.map((value) => value * scale);
    },
  };
}
