import { randomFrom } from './random.ts';

/** A figure and the interval it lies in. `null` where fewer than two blocks, or a figure no draw has, leave nothing to vary. */
export interface Interval {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** What a bootstrap is done with: 1,000 draws, seed 1 and an interval of 95 % where nothing is said. */
export interface BootstrapOptions {
  readonly seed?: number | undefined;
  readonly draws?: number | undefined;
  readonly level?: number | undefined;
}

/** A figure of some blocks, drawn with repetition: the error rate of speakers, say. `NaN` where it has none. */
export type Statistic<Block> = (blocks: readonly Block[]) => number;

/**
 * How far a figure would move with other speakers (or documents, sessions): whole blocks are drawn with repetition, because what
 * one speaker says is alike (Bisani and Ney 2004, "Bootstrap estimates for confidence intervals in ASR performance evaluation").
 * Percentile interval. The same blocks and seed give the same interval.
 */
export function bootstrap<Block>(
  blocks: readonly Block[],
  statistic: Statistic<Block>,
  options: BootstrapOptions = {},
): Interval {
  return intervalOf(statistic(blocks), samplesOf(blocks, options).map(statistic), options.level);
}

/** Two figures of the same blocks, and their difference (`after` minus `before`) drawn in pairs, so that what both share cancels. */
export interface Compared {
  readonly before: Interval;
  readonly after: Interval;
  readonly difference: Interval;
  /** The share of draws in which `after` is below `before`, ties counted half; `null` where there is no interval. */
  readonly lowerIn: number | null;
}

/** The bootstrap of two figures on the same draws of the same blocks. */
export function bootstrapPaired<Block>(
  blocks: readonly Block[],
  before: Statistic<Block>,
  after: Statistic<Block>,
  options: BootstrapOptions = {},
): Compared {
  const pairs = samplesOf(blocks, options).map((sample) => ({ before: before(sample), after: after(sample) }));
  const [was, is] = [before(blocks), after(blocks)];
  const of = (value: number, draws: number[]) => intervalOf(value, draws, options.level);
  const differences = pairs.map((pair) => pair.after - pair.before);
  const counted = differences.filter(Number.isFinite);
  const lower = counted.reduce((sum, difference) => sum + (difference < 0 ? 1 : difference === 0 ? 0.5 : 0), 0);
  return {
    before: of(
      was,
      pairs.map((pair) => pair.before),
    ),
    after: of(
      is,
      pairs.map((pair) => pair.after),
    ),
    difference: of(is - was, differences),
    lowerIn: counted.length === 0 ? null : lower / counted.length,
  };
}

/** Things by what they share: the utterances of each speaker, in the order they come. */
export function blocksBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  const blocks = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const block = blocks.get(key);
    if (block) block.push(item);
    else blocks.set(key, [item]);
  }
  return [...blocks.values()];
}

function samplesOf<Block>(blocks: readonly Block[], { seed = 1, draws = 1000 }: BootstrapOptions): Block[][] {
  if (blocks.length < 2) return [];
  const random = randomFrom(seed);
  return Array.from({ length: draws }, () => blocks.map(() => blocks[Math.floor(random() * blocks.length)] as Block));
}

function intervalOf(value: number, draws: readonly number[], level = 0.95): Interval {
  const sorted = draws.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return { value, low: null, high: null };
  const tail = (1 - level) / 2;
  return { value, low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
}

// Between two draws, in proportion (type 7 of Hyndman and Fan).
function quantile(sorted: readonly number[], at: number): number {
  const place = at * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}
