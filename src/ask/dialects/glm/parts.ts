import type { ModelCapabilities } from '#contract/capabilities.ts';
import type { Media, MediaPart } from '#contract/media.ts';
import type { MediaSlots } from '#upstream/media-body.ts';
import { noPlace, openAiPart } from '../openai/wire-messages.ts';

const TYPES: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'video/mp4',
  'video/matroska',
  'video/quicktime',
  'audio/wav',
  'audio/mpeg',
]);

/** Whether a medium can be handed to such a model as bytes. Documents only have an address, and so have some models’ images. */
export function hasPlaceIn({ limits }: ModelCapabilities): (media: Media) => boolean {
  return ({ kind, mimeType }) => TYPES.has(mimeType) && limits?.[kind]?.addressOnly !== true;
}

/**
 * A medium as Zhipu takes it: pictures and videos as bare base64 where OpenAI has a data URL. Its parts are strict, so there is
 * no room for `detail`. Throws `ask.refused` for a form that has no place there.
 */
export function glmPart(part: MediaPart, slots: MediaSlots): object {
  const { kind, mimeType } = part.media;
  if (!TYPES.has(mimeType)) throw noPlace(part.media);
  if (kind === 'image') return { type: 'image_url', image_url: { url: slots.hold(part) } };
  if (kind === 'video') return { type: 'video_url', video_url: { url: slots.hold(part) } };
  return openAiPart(part, slots);
}
