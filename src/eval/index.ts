export { scoreText, together, unitFor } from '#score/index.ts';
export { type CalibrateOptions, type Calibration, calibrate } from './calibrate/calibrate.ts';
export { heardProfile } from './calibrate/heard-profile.ts';
export { recordedUnits } from './calibrate/recordings.ts';
export { formatCalibration, pictureOf } from './calibrate/table.ts';
export { recordedProfile } from './ledger/recorded-profile.ts';
export { type EvaluateOptions, type Evaluation, evaluatePerception } from './perceive/evaluate.ts';
export type { RowResult } from './perceive/row.ts';
export { formatEvaluation } from './perceive/table.ts';
