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
export type { ContentOptions } from './content.ts';
export { type Costs, type EditKind, LEVENSHTEIN, SCLITE } from './costs.ts';
export { type Measures, together } from './measures.ts';
export { randomFrom } from './random.ts';
export { type CompareOptions, type Comparison, compare, type Score, scoreText } from './score.ts';
export { type Strictness, type Unit, unitFor, unitsOf } from './units.ts';
export {
  type Kept,
  type Swap,
  scoreVerbatim,
  type VerbatimOptions,
  type VerbatimScore,
  verbatimTogether,
} from './verbatim.ts';
