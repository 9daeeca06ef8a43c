import type { Media, MediaPart } from '#contract/media.ts';
import { tensorFile } from '#kit/tensor/tensor.ts';
import type { Refusal, RefusalKind } from '#upstream/errors.ts';
import type { MediaSlots } from '#upstream/media-body.ts';
import type { ChatShape } from '../openai/shape.ts';
import { dataUrl, hasPlaceFor, openAiPart } from '../openai/wire-messages.ts';

/** Sound that is read by its data URL, beyond the two formats that `input_audio` names. */
const OTHER_SOUNDS: ReadonlySet<string> = new Set(['audio/flac', 'audio/ogg']);

/** Vectors where they are switched off, too many media, or a kind this model or this build does not know: nothing that passes. */
const NOT_TAKEN =
  /--enable-prompt-embeds|`prompt_embeds`|At most \d+ \w+\(s\) may be provided|Unknown part type|cannot identify image|is truncated/i;

/**
 * vLLM. Every medium goes with its hash as the caller's cache id (`uuid`), so that a server that kept it need not prepare it
 * again; it is never sent without its bytes, as a cache may have let it go. Source: vLLM's multimodal_inputs.md and
 * chat_utils.py (0046f77).
 */
export const VLLM_SHAPE: ChatShape = {
  accepts: (media) => media.kind !== 'document' && (hasPlaceFor(media) || isOtherSound(media)),
  wirePart: (part, slots, detail) => ({ ...partOf(part, slots, detail), uuid: part.media.sha256 }),
  vectorPart: promptEmbeds('bfloat16'),
  classify: vllmRefusal,
};

/**
 * Vectors as vLLM's chat takes them since its pull request 40720 (2026-04): the base64 of a file of `torch.save`. bfloat16 is
 * half the bytes, and what most servers compute in. Source: vllm/renderers/embed_utils.py (055e47c).
 */
export function promptEmbeds(type: 'bfloat16' | 'float32'): NonNullable<ChatShape['vectorPart']> {
  return (vectors, slots) => ({ type: 'prompt_embeds', data: slots.holdMade(tensorFile(vectors, type)) });
}

function partOf(part: MediaPart, slots: MediaSlots, detail: string | undefined): object {
  return isOtherSound(part.media) ? audioUrl(part, slots) : openAiPart(part, slots, detail);
}

function isOtherSound({ mimeType }: Media): boolean {
  return OTHER_SOUNDS.has(mimeType);
}

/** Sound as vLLM and SGLang also take it. */
export function audioUrl(part: MediaPart, slots: MediaSlots): object {
  return { type: 'audio_url', audio_url: { url: dataUrl(part, slots) } };
}

/** What vLLM and its kin mean by a refusal; its 501 is about the request, not about its health. */
export function vllmRefusal({ status, message }: Refusal): RefusalKind | undefined {
  return status === 501 || NOT_TAKEN.test(message) ? 'refused' : undefined;
}
