import type { ChatMessage } from '#contract/chat.ts';
import type { Media, MediaPart } from '#contract/media.ts';
import type { MediaSlots } from '#upstream/media-body.ts';
import { wordsAndMedia, wordsOf } from '../../question.ts';
import { inputOf } from '../anthropic/messages.ts';
import { noPlace } from '../openai/wire-messages.ts';

/** What may be sent within a request, by Google’s lists (ai.google.dev/gemini-api/docs: audio, image, video, document understanding). */
const TAKEN: Readonly<Record<string, string>> = {
  'image/png': 'image/png',
  'image/jpeg': 'image/jpeg',
  'image/webp': 'image/webp',
  'image/heic': 'image/heic',
  'image/heif': 'image/heif',
  'audio/wav': 'audio/wav',
  // Google's own name for it.
  'audio/mpeg': 'audio/mp3',
  'audio/aiff': 'audio/aiff',
  'audio/aac': 'audio/aac',
  'audio/ogg': 'audio/ogg',
  'audio/flac': 'audio/flac',
  'video/mp4': 'video/mp4',
  'video/mpeg': 'video/mpeg',
  'video/quicktime': 'video/mov',
  'video/x-msvideo': 'video/avi',
  'video/x-flv': 'video/x-flv',
  'video/webm': 'video/webm',
  'video/x-ms-wmv': 'video/wmv',
  'video/3gpp': 'video/3gpp',
  'application/pdf': 'application/pdf',
};

/** Whether there is a place for a medium in this form. */
export function accepts({ mimeType }: Pick<Media, 'mimeType'>): boolean {
  return Object.hasOwn(TAKEN, mimeType);
}

/** What the model sealed its thoughts with when it called a function, by the call's id; it wants that back. */
export type Seals = Map<string, string>;

interface Content {
  readonly role: 'user' | 'model';
  readonly parts: object[];
}

/**
 * A conversation as `generateContent` takes it: what the system says apart, and turns of one side put together. `seal` stands
 * for a seal nobody kept. Throws `ask.refused` for a medium without a place.
 */
export function contentsOf(
  messages: readonly ChatMessage[],
  slots: MediaSlots,
  seals: Seals,
  seal: string | undefined,
): { readonly system: string; readonly contents: readonly Content[] } {
  const system: string[] = [];
  const contents: Content[] = [];
  const names = new Map(
    messages.flatMap(({ toolCalls }) => toolCalls?.map(({ id, name }) => [id, name] as const) ?? []),
  );
  for (const message of messages) {
    if (message.role === 'system') {
      system.push(wordsOf(message.content));
      continue;
    }
    const role = message.role === 'assistant' ? 'model' : 'user';
    const parts =
      message.role === 'tool'
        ? [resultPart(message, names)]
        : [...partsOf(message, slots), ...callParts(message, seals, seal)];
    const last = contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else if (parts.length > 0) contents.push({ role, parts });
  }
  return { system: system.filter((text) => text !== '').join('\n\n'), contents };
}

function partsOf({ content }: ChatMessage, slots: MediaSlots): object[] {
  return wordsAndMedia(content).flatMap((part): object[] => {
    if (part.kind === 'media') return [mediaPart(part.media, slots)];
    return part.text === '' ? [] : [{ text: part.text }];
  });
}

function mediaPart(part: MediaPart, slots: MediaSlots): object {
  if (!accepts(part.media)) throw noPlace(part.media);
  return { inlineData: { mimeType: TAKEN[part.media.mimeType], data: slots.hold(part) } };
}

function callParts({ toolCalls }: ChatMessage, seals: Seals, seal: string | undefined): object[] {
  return (toolCalls ?? []).map(({ id, name, arguments: given }, at) => ({
    functionCall: { id, name, args: inputOf(given) },
    // Of calls made together only the first is sealed.
    thoughtSignature: seals.get(id) ?? (at === 0 ? seal : undefined),
  }));
}

/** A result belongs to a function by name; the call it answers says which. */
function resultPart({ content, toolCallId = '' }: ChatMessage, names: ReadonlyMap<string, string>): object {
  const text = wordsOf(content);
  let response: object = { result: text };
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) response = json;
  } catch {
    // Words are a result too.
  }
  return { functionResponse: { id: toolCallId, name: names.get(toolCallId) ?? toolCallId, response } };
}
