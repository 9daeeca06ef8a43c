import { setImmediate as breathe } from 'node:timers/promises';
import type { ConnectorMethod } from '#contract/prompt-vectors.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { unusable } from '../vectors.ts';
import { procrustes, ridge } from './closed-form.ts';
import {
  along,
  atLength,
  type Connector,
  candidatesOf,
  type LinearMap,
  meanCosine,
  mixed,
  type Neighbours,
  neighbours,
  type OwnRows,
  unitsOf,
} from './connector.ts';
import { centred, columnMeans, type Dense, dense, denseOf, length, row, rowsAt } from './dense.ts';
import { type RandomFeatures, randomFeatures } from './random-features.ts';

/** Rows of an encoder, and for each the tokens it stands for. */
export interface Pairs {
  readonly inputs: Dense;
  readonly units: readonly (readonly number[])[];
}

/** How a connector did on pairs it was not fitted on. `nearestShare`: how often the nearest candidate, or the chosen unit, was the right one. */
export interface HeldOut {
  readonly pairs: number;
  /** `tokens`: no token of these was fitted on. `pairs`: their tokens were, other pairs of them. */
  readonly of: 'tokens' | 'pairs';
  readonly cosine: number | null;
  readonly nearestShare: number | null;
}

export interface Fitted {
  readonly connector: Connector;
  readonly heldOut: HeldOut;
  readonly fittedOn: number;
}

export interface FitOptions {
  readonly method: ConnectorMethod;
  readonly width: number;
  readonly own: OwnRows;
  /** Tokens a mixture may be made of; those of the pairs where nothing is said. */
  readonly candidates?: readonly number[] | undefined;
  readonly signal: AbortSignal;
  tell?(step: string): void;
}

const FEWEST_PAIRS = 16;
/** Every fifth is kept for the test. */
const HELD_OUT_EVERY = 5;
/** Of these the one that does best on pairs held out is taken. */
/** More than these of the pairs held out are not looked at: each is compared with every candidate. */
const MOST_TESTED = 250;
const RIDGE_STRENGTHS = [0.01, 0.1, 1];
const MOST_MIXED = 8;
const MIXTURES = [
  { top: 1, temperature: 1 },
  { top: MOST_MIXED, temperature: 0.03 },
  { top: MOST_MIXED, temperature: 0.1 },
];
const FEATURES = 1024;
export const MOST_CANDIDATES = 8192;

/** Fits a connector in closed form, without gradients. The same pairs give the same connector. Throws `inject.component-unusable` for too few pairs. */
export async function fitConnector(pairs: Pairs, options: FitOptions): Promise<Fitted> {
  const { method, signal, tell = () => {} } = options;
  const count = pairs.units.length;
  if (count < FEWEST_PAIRS || pairs.inputs.rows !== count)
    throw unusable(
      'to be fitted',
      `${count} pairs are too few.`,
      `Give ${FEWEST_PAIRS} pairs or more; some hundreds are usual.`,
    );
  const step = async (what: string) => {
    await breathe();
    throwIfCancelled(signal);
    tell(what);
  };
  await step(`${count} pairs, ${pairs.inputs.columns} numbers in, ${options.width} out`);
  return method === 'classify' ? fitClassifier(pairs, step) : fitMap(pairs, options, step);
}

type Step = (what: string) => Promise<void>;

async function fitMap(pairs: Pairs, options: FitOptions, step: Step): Promise<Fitted> {
  const { method, width, own } = options;
  const targets = await meansOf(pairs.units, width, own);
  const { fit, test: all } = splitByUnit(pairs.units);
  const test = spread(all, MOST_TESTED);
  const data = { inputs: rowsAt(pairs.inputs, fit), targets: rowsAt(targets, fit) };
  const unseen = { inputs: rowsAt(pairs.inputs, test), targets: rowsAt(targets, test) };
  const mean = columnMeans(data.targets);
  await step(method.startsWith('ridge') ? 'a ridge regression' : 'turning one space onto the other');
  const solutions = line(
    data.inputs,
    data.targets,
    method.startsWith('ridge') ? ridges : (one, other) => [procrustes(one, other)],
  );
  let map: LinearMap | undefined;
  let best = Number.NEGATIVE_INFINITY;
  for (const tried of solutions) {
    await step('trying it on pairs held out');
    const cosine = meanCosine(along(tried, unseen.inputs), unseen.targets, mean);
    if (cosine > best || !map) [map, best] = [tried, cosine];
  }
  if (!map) throw new Error('no map was tried');
  const mapped = along(map, unseen.inputs);
  const tokens = [...new Set(options.candidates ?? pairs.units.flat())].slice(0, MOST_CANDIDATES);
  await step(`comparing with ${tokens.length} own rows`);
  const candidates = candidatesOf(await own(tokens), width, mean);
  const near = neighbours(candidates, mapped, MOST_MIXED);
  const nearestShare = shareOfNearest(
    near,
    test.map((at) => pairs.units[at] ?? []),
    tokens,
  );
  const about = { pairs: test.length, of: 'tokens', nearestShare } as const;
  if (!method.endsWith('-mixture')) {
    const norms = Array.from({ length: targets.rows }, (_, at) => length(row(targets, at)));
    const norm = norms.reduce((sum, one) => sum + one, 0) / norms.length;
    const cosine = meanCosine(atLength(mapped, norm), unseen.targets, mean);
    return { connector: { kind: 'regress', map, norm }, heldOut: { ...about, cosine }, fittedOn: fit.length };
  }
  await step('choosing a mixture');
  let chosen = { top: 1, temperature: 1, cosine: Number.NEGATIVE_INFINITY };
  for (const shape of MIXTURES) {
    const cosine = meanCosine(mixed(near, candidates, shape), unseen.targets, mean);
    if (cosine > chosen.cosine) chosen = { ...shape, cosine };
  }
  const { cosine, ...shape } = chosen;
  return {
    connector: { kind: 'mixture', map, candidates: tokens, ...shape },
    heldOut: { ...about, cosine },
    fittedOn: fit.length,
  };
}

/** Lines through the means, fitted to what is left, one after the other. */
function* line(
  inputs: Dense,
  targets: Dense,
  solve: (inputs: Dense, targets: Dense) => Iterable<Dense>,
): Generator<LinearMap> {
  const [inputMean, targetMean] = [columnMeans(inputs), columnMeans(targets)];
  for (const weights of solve(centred(inputs, inputMean), centred(targets, targetMean)))
    yield { inputMean, targetMean, weights };
}

function* ridges(inputs: Dense, targets: Dense): Generator<Dense> {
  const solved = ridge(inputs, targets);
  for (const strength of RIDGE_STRENGTHS) yield solved(strength);
}

async function fitClassifier({ inputs, units }: Pairs, step: Step): Promise<Fitted> {
  const names = new Map<string, number>();
  const known: (readonly number[])[] = [];
  const classOf = units.map((unit) => {
    const name = unit.join(' ');
    const place = names.get(name) ?? names.size;
    if (!names.has(name)) known.push(unit);
    names.set(name, place);
    return place;
  });
  const { fit, test } = splitWithinUnits(classOf);
  const oneHot = dense(fit.length, known.length, (into) => {
    for (const [index, at] of fit.entries()) into[index * known.length + (classOf[at] ?? 0)] = 1;
  });
  const [fitted, unseen] = [rowsAt(inputs, fit), rowsAt(inputs, test)];
  let best: { connector: Connector & { kind: 'classify' }; right: number } | undefined;
  for (const features of [
    null,
    { seed: 1, count: FEATURES, spread: typicalDistance(fitted) },
  ] satisfies (RandomFeatures | null)[]) {
    await step(features ? 'scoring units on random features' : 'scoring units');
    const seen = features ? randomFeatures(features, fitted) : fitted;
    for (const map of line(seen, oneHot, ridges)) {
      await step('trying it on pairs held out');
      const connector = { kind: 'classify', map, features, units: known } as const;
      const found = unitsOf(connector, unseen);
      const right = test.filter((at, index) => found[index] === classOf[at]).length;
      if (!best || right > best.right) best = { connector, right };
    }
  }
  if (!best) throw new Error('no classifier was tried');
  const nearestShare = test.length === 0 ? null : best.right / test.length;
  return {
    connector: best.connector,
    heldOut: { pairs: test.length, of: 'pairs', cosine: null, nearestShare },
    fittedOn: fit.length,
  };
}

/** The mean own row of each unit's tokens. */
async function meansOf(units: Pairs['units'], width: number, own: OwnRows): Promise<Dense> {
  const rows = denseOf(await own(units.flat()), width);
  return dense(units.length, width, (into) => {
    let at = 0;
    units.forEach((unit, place) => {
      for (const _ of unit) {
        row(rows, at++).forEach((value, column) => {
          into[place * width + column] = (into[place * width + column] ?? 0) + value / unit.length;
        });
      }
    });
  });
}

/** Every fifth unit with all its pairs is for the test: what is told then holds for tokens never fitted on. */
function splitByUnit(units: Pairs['units']): Split {
  const places = new Map<string, number>();
  for (const unit of units) if (!places.has(unit.join(' '))) places.set(unit.join(' '), places.size);
  return split(
    units.length,
    (at) => (places.get(units[at]?.join(' ') ?? '') ?? 0) % HELD_OUT_EVERY === HELD_OUT_EVERY - 1,
  );
}

/** Every fifth pair of a unit is for the test: a classifier can only know what it has seen. */
function splitWithinUnits(classOf: readonly number[]): Split {
  const seen = new Map<number, number>();
  const turns = classOf.map((one) => {
    const turn = seen.get(one) ?? 0;
    seen.set(one, turn + 1);
    return turn;
  });
  return split(classOf.length, (at) => (turns[at] ?? 0) % HELD_OUT_EVERY === HELD_OUT_EVERY - 1);
}

interface Split {
  readonly fit: readonly number[];
  readonly test: readonly number[];
}

/** So many of a list, from its beginning to its end. */
function spread(all: readonly number[], most: number): readonly number[] {
  const every = Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, at) => at % every === 0);
}

function split(count: number, isTest: (at: number) => boolean): Split {
  const places = Array.from({ length: count }, (_, at) => at);
  return { fit: places.filter((at) => !isTest(at)), test: places.filter(isTest) };
}

/** How often the nearest candidate is the right one, among pairs of one token that is a candidate. */
function shareOfNearest(near: readonly Neighbours[], units: Pairs['units'], tokens: readonly number[]): number | null {
  const known = new Set(tokens);
  const single = near.filter((_, at) => units[at]?.length === 1 && known.has(units[at]?.[0] ?? -1)).length;
  if (single === 0) return null;
  const right = near.filter((one, at) => units[at]?.length === 1 && tokens[one[0]?.place ?? -1] === units[at]?.[0]);
  return right.length / single;
}

/** The median distance of neighbours in the list: a spread that neither merges all rows nor tells each from every other. */
function typicalDistance(inputs: Dense): number {
  const distances = Array.from({ length: Math.min(inputs.rows - 1, 500) }, (_, at) => {
    const other = row(inputs, at + 1);
    return length(row(inputs, at).map((value, column) => value - (other[column] ?? 0)));
  }).sort((one, other) => one - other);
  return distances[distances.length >> 1] || 1;
}
