export { type Alignment, align, type Edits, type Range, type Span } from './align.ts';
export {
  type BootstrapOptions,
  blocksBy,
  bootstrap,
  bootstrapPaired,
  type Compared,
  type Interval,
  type Statistic,
} from './bootstrap.ts';
export { type Costs, type EditKind, LEVENSHTEIN } from './costs.ts';
