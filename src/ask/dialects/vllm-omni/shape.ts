import { type Chunk, readChunk } from '../openai/chunk.ts';
import type { BodyDraft, ChatShape } from '../openai/shape.ts';
import { isObject } from '../openai/usage.ts';
import { VLLM_SHAPE } from '../vllm/shape.ts';
import { withoutHeader } from './wav-piece.ts';

/**
 * vLLM-Omni: vLLM that speaks. A whole answer is two choices, words and then sound; a stream's chunks say at their top which of
 * the two they hold, and sound lies where words else do. Source: vllm-omni's serving_chat.py.
 */
export const VLLM_OMNI_SHAPE: ChatShape = { ...VLLM_SHAPE, changeBody, readChunk: readOmniChunk, endsWithDone: true };

function changeBody({ body, request }: BodyDraft): void {
  // Left alone it would always speak. The voice has a field of its own; the model's usual one has no name.
  body.modalities ??= ['text'];
  delete body.audio;
  body.voice = request.speak?.voice ?? undefined;
}

function readOmniChunk(json: unknown): Chunk | null {
  const chunk = readChunk(json);
  if (chunk === null || !isObject(json)) return chunk;
  if (json.modality === 'audio') {
    // That the voice came to its end is no news of the words, which may have been cut short.
    const reason = chunk.reason === 'stop' ? null : chunk.reason;
    return { ...chunk, text: '', tokens: [], reason, sound: withoutHeader(contentIn(json) || chunk.sound) };
  }
  return chunk.sound === '' ? { ...chunk, sound: secondChoice(json) } : chunk;
}

function contentIn({ choices }: Readonly<Record<string, unknown>>): string {
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const content = isObject(first) && isObject(first.delta) ? first.delta.content : undefined;
  return typeof content === 'string' ? content : '';
}

/** The sound of an answer in one piece, in whichever choice it lies. */
function secondChoice({ choices }: Readonly<Record<string, unknown>>): string {
  if (!Array.isArray(choices)) return '';
  for (const choice of choices) {
    const message = isObject(choice) && isObject(choice.message) ? choice.message : undefined;
    if (isObject(message?.audio) && typeof message.audio.data === 'string') return message.audio.data;
  }
  return '';
}
