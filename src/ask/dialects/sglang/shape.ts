import type { ChatShape } from '../openai/shape.ts';
import { openAiPart } from '../openai/wire-messages.ts';
import { audioUrl, VLLM_SHAPE } from '../vllm/shape.ts';

const { vectorPart: _, ...WITHOUT_VECTORS } = VLLM_SHAPE;

/**
 * SGLang: vLLM's way with media, but all sound as `audio_url` (there is no `input_audio`) and no cache ids. An answer that
 * ends with `abort` failed. Source: sglang's openai/protocol.py.
 */
export const SGLANG_SHAPE: ChatShape = {
  ...WITHOUT_VECTORS,
  wirePart: (part, slots, detail) =>
    part.media.kind === 'audio' ? audioUrl(part, slots) : openAiPart(part, slots, detail),
};
