import type { ErrorDetails } from '#contract/error.ts';
import { SensoriumError } from '#contract/error.ts';
import type { GateCode } from '#contract/gate.ts';

/** The engine, or this build of it, cannot be trusted with vectors: the route is off. */
export function engineUnusable(
  code: Extract<GateCode, 'EMB_ENGINE_ABI' | 'EMB_ROUNDTRIP' | 'EMB_NEEDS_TOKEN_IDS'>,
  message: string,
  more: { readonly hint?: string; readonly details?: ErrorDetails; readonly cause?: unknown } = {},
): SensoriumError {
  return new SensoriumError('inject.engine-unusable', message, {
    hint:
      more.hint ??
      'What goes to the model goes as text; install the version of node-llama-cpp that this was tried with (3.22.1) for vectors.',
    details: { ...more.details, code },
    cause: more.cause,
  });
}

/** These vectors cannot go in, whatever the model. */
export function badVectors(
  code: Extract<GateCode, 'EMB_WIDTH' | 'EMB_NOT_FINITE' | 'EMB_TOO_LARGE' | 'EMB_SHAPE'>,
  message: string,
  hint: string,
  details: ErrorDetails = {},
): SensoriumError {
  return new SensoriumError('inject.bad-vectors', message, { hint, details: { ...details, code } });
}
