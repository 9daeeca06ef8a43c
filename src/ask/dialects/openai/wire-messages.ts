import type { ChatMessage, ContentPart } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import type { Media, MediaPart } from '#contract/media.ts';
import type { MediaSlots } from '#upstream/media-body.ts';
import { wordsAndMedia, wordsOf } from '../../question.ts';
import type { ChatShape } from './shape.ts';

/** What every server that takes pictures takes. */
const IMAGES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);
/** OpenAI's two formats of sound, by the type that a look at the bytes gives. */
const SOUNDS: Readonly<Record<string, string>> = { 'audio/wav': 'wav', 'audio/mpeg': 'mp3' };

/** Whether this dialect has a place for a medium as it is. Whether the model takes it is another question. */
export function hasPlaceFor({ kind, mimeType }: Pick<Media, 'kind' | 'mimeType'>): boolean {
  switch (kind) {
    case 'image':
      return IMAGES.has(mimeType);
    case 'audio':
      return Object.hasOwn(SOUNDS, mimeType);
    case 'video':
      return true;
    case 'document':
      return mimeType === 'application/pdf';
    case 'text':
      return false;
  }
}

type Parts = Pick<ChatShape, 'wirePart' | 'vectorPart'>;

/**
 * A conversation as OpenAI's chat completions take it, media and vectors in the form that the shape gives them. Throws
 * `ask.refused` for what has no place there.
 */
export function wireMessages(messages: readonly ChatMessage[], slots: MediaSlots, shape: Parts = {}): object[] {
  return messages.map((message) => wireMessage(message, slots, shape));
}

function wireMessage(message: ChatMessage, slots: MediaSlots, shape: Parts): object {
  const { role, name, toolCalls, toolCallId } = message;
  const hasParts = role === 'user' || hasVectors(message.content);
  const content = hasParts ? partsOf(message.content, slots, shape) : wordsOf(message.content);
  if (name === undefined && toolCalls === undefined && toolCallId === undefined) return { role, content };
  return {
    role,
    // An assistant that only called functions said nothing.
    content: content === '' && toolCalls !== undefined ? null : content,
    name,
    tool_calls: toolCalls?.map((call) => ({
      id: call.id,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    })),
    tool_call_id: toolCallId,
  };
}

function hasVectors(content: ChatMessage['content']): boolean {
  return typeof content !== 'string' && content.some(({ kind }) => kind === 'vectors');
}

function partsOf(
  content: ChatMessage['content'],
  slots: MediaSlots,
  { wirePart = openAiPart, vectorPart }: Parts,
): string | object[] {
  if (typeof content === 'string') return content;
  const [first] = content;
  if (content.length === 1 && first?.kind === 'text') return first.text;
  const parts: readonly ContentPart[] = vectorPart ? content : wordsAndMedia(content);
  return parts.flatMap((part): object[] => {
    if (part.kind === 'text') return [{ type: 'text', text: part.text }];
    if (part.kind === 'media') return [wirePart(part.media, slots, part.detail)];
    return vectorPart ? [vectorPart(part.vectors, slots)] : [];
  });
}

/** A medium as OpenAI takes it; video in the form that other servers added. */
export function openAiPart(part: MediaPart, slots: MediaSlots, detail?: string): object {
  const { media } = part;
  if (!hasPlaceFor(media)) throw noPlace(media);
  switch (media.kind) {
    case 'image':
      return { type: 'image_url', image_url: { url: dataUrl(part, slots), detail } };
    case 'audio':
      return { type: 'input_audio', input_audio: { data: slots.hold(part), format: SOUNDS[media.mimeType] } };
    case 'video':
      return { type: 'video_url', video_url: { url: dataUrl(part, slots) } };
    default:
      return { type: 'file', file: { filename: media.name, file_data: dataUrl(part, slots) } };
  }
}

/** A medium as a data URL. */
export function dataUrl(part: MediaPart, slots: MediaSlots): string {
  return `data:${part.media.mimeType};base64,${slots.hold(part)}`;
}

/** The refusal of a medium in a form that a dialect has no place for. */
export function noPlace({ part, mimeType }: Media): SensoriumError {
  return new SensoriumError('ask.refused', `${part} is ${mimeType}, which cannot be handed over as it is.`, {
    hint: 'Give sound as WAV or MP3, pictures as JPEG, PNG, GIF or WebP, documents as PDF.',
    details: { part, mimeType },
  });
}
