export { applyEdits, type Gated, type GateOptions, gate, type RefusedEdit } from './gate.ts';
export { isNumeral, type Refusal } from './judge.ts';
export { type Token, tokensOf } from './tokens.ts';
