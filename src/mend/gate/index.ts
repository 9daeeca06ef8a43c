export { applyEdits, type Gated, type GateOptions, gate, gateEdits, type RefusedEdit } from './gate.ts';
export type { Refusal } from './judge.ts';
