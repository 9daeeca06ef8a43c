import { isSensoriumError, SensoriumError } from '#contract/error.ts';

/**
 * The error to give for one of the model process. Where files that look right do not fit each other, sherpa-onnx does not say so but
 * ends the process, and onnxruntime's complaint is in what it left behind.
 */
export function explained(error: unknown, id: string): unknown {
  if (!isSensoriumError(error) || error.code !== 'runtime.worker-died-twice') return error;
  const complaint = error.cause instanceof Error ? error.cause.message : '';
  if (!complaint.includes('Ort::Exception')) return error;
  return new SensoriumError('hear.model-unusable', `The files of ${id} do not fit each other.`, {
    hint: 'Get the whole release again; the files may come from two of them, or be broken.',
    cause: error,
  });
}
