export { type EvaluateOptions, type Evaluation, evaluatePerception } from './perceive/evaluate.ts';
export type { RowResult } from './perceive/row.ts';
export { formatEvaluation } from './perceive/table.ts';
export { scoreText, together } from './score/score.ts';
export { unitFor } from './score/units.ts';
