export {
  applyEdits,
  type Gated,
  type GateOptions,
  gate,
  gateEdits,
  type Refusal,
  type RefusedEdit,
} from './gate/index.ts';
