export { scoreText, together, unitFor } from '#score/index.ts';
export { type EvaluateOptions, type Evaluation, evaluatePerception } from './perceive/evaluate.ts';
export type { RowResult } from './perceive/row.ts';
export { formatEvaluation } from './perceive/table.ts';
