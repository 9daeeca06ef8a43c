import { SensoriumError } from '#contract/error.ts';

/** A tokenizer's file that cannot be used, and what to do about it. */
export function unusable(path: string, why: string, cause?: unknown): SensoriumError {
  return new SensoriumError('ledger.tokenizer-unusable', `${path} cannot be used as a tokenizer: ${why}`, {
    hint: 'Name the tokenizer.json or the GGUF file of the model, or leave the setting out: the rest works without it.',
    cause,
  });
}
