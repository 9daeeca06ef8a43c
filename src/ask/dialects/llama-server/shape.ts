import type { MediaPart } from '#contract/media.ts';
import type { Refusal, RefusalKind } from '#upstream/errors.ts';
import type { MediaSlots } from '#upstream/media-body.ts';
import type { ChatShape } from '../openai/shape.ts';
import { hasPlaceFor, openAiPart } from '../openai/wire-messages.ts';

/** llama.cpp's server. Source: its tools/server/README.md. */
export const LLAMA_SERVER_SHAPE: ChatShape = {
  accepts: (media) => media.kind !== 'document' && (hasPlaceFor(media) || media.mimeType === 'audio/flac'),
  wirePart,
  classify,
};

function wirePart(part: MediaPart, slots: MediaSlots, detail: string | undefined): object {
  if (part.media.kind === 'video') return { type: 'input_video', input_video: { data: slots.hold(part) } };
  // It looks at the bytes and not at the format's name.
  if (part.media.mimeType === 'audio/flac') return { type: 'input_audio', input_audio: { data: slots.hold(part) } };
  return openAiPart(part, slots, detail);
}

function classify({ status, marks }: Refusal): RefusalKind | undefined {
  if (/exceed_context_size_error/.test(marks)) return 'too-long';
  // Started without the projector for this kind of medium, or built without what reads it.
  return status === 501 || /not_supported_error/.test(marks) ? 'refused' : undefined;
}
