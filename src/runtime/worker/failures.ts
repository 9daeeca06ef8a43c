import { SensoriumError } from '#contract/error.ts';

/** The model was closed while, or before, this was asked of it. */
export function overError(): SensoriumError {
  return new SensoriumError('kit.cancelled', 'This model was closed.');
}

/** So many wait already that one more is told when to come back. */
export function busyError(waiting: number, retryAfterMs: number): SensoriumError {
  return new SensoriumError('runtime.busy', `${waiting} requests already wait for this model.`, {
    hint: 'Try again in a moment.',
    details: { retryAfterMs },
  });
}

/** The process died over a call that is not begun again: because part of the answer is out, or because it died twice. */
export function deathError(deaths: number, how: string, stderr: string): SensoriumError {
  const cause = new Error(stderr);
  if (deaths < 2) {
    return new SensoriumError('runtime.worker-died', `The model process ended in the middle of its work (${how}).`, {
      hint: 'It starts again with the next request; try again.',
      cause,
    });
  }
  return new SensoriumError('runtime.worker-died-twice', `The model process ended twice over this request (${how}).`, {
    hint: 'It is not tried again. Send less at once; the machine may be short of memory.',
    cause,
  });
}
