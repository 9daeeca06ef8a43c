import type { LanguageModel } from '#contract/ports.ts';
import { openAi } from '../openai/engine.ts';
import type { RemoteOptions } from '../remote.ts';
import { nativeQwen } from './native.ts';
import { qwenShape } from './shape.ts';

/** Models that listen and have no place on the compatible endpoint. */
const NATIVE_ONLY = /^qwen2?-audio-/;

/** A model at Alibaba Model Studio: through its compatible chat completions, or natively where it is only there. */
export function qwen(options: RemoteOptions): LanguageModel {
  return NATIVE_ONLY.test(options.model) ? nativeQwen(options) : openAi(options, qwenShape(options));
}
