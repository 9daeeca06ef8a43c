import { type ErrorDetails, SensoriumError } from '#contract/error.ts';
import type { GateCode } from '#contract/gate.ts';

/** Why a tensor is not taken, by the gate's own words. */
export type TensorFault = Extract<GateCode, 'EMB_SHAPE' | 'EMB_WIDTH' | 'EMB_NOT_FINITE' | 'EMB_TOO_LARGE'>;

/** The refusal of a tensor: what is wrong, what was measured against which threshold, and what helps. */
export function badTensor(
  code: TensorFault,
  message: string,
  { hint = PLAIN, ...facts }: { hint?: string; measured?: string | number; threshold?: string | number } = {},
): SensoriumError {
  const details: ErrorDetails = { code, ...facts };
  return new SensoriumError('inject.bad-vectors', message, { hint, details });
}

const PLAIN =
  'Save one plain tensor of floating-point numbers: torch.save(t.detach().cpu().contiguous().clone(), file), or safetensors.';
