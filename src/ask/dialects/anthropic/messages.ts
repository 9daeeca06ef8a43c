import type { ChatMessage } from '#contract/chat.ts';
import type { Media, MediaPart } from '#contract/media.ts';
import type { MediaSlots } from '#upstream/media-body.ts';
import { wordsAndMedia, wordsOf } from '../../question.ts';
import { noPlace } from '../openai/wire-messages.ts';

const IMAGES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** Whether there is a place for a medium: pictures in four formats, and PDF. Sound and video have none. */
export function accepts({ kind, mimeType }: Media): boolean {
  return kind === 'image' ? IMAGES.has(mimeType) : kind === 'document' && mimeType === 'application/pdf';
}

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: object[];
}

/**
 * A conversation as the Messages API takes it: what the system says apart, results of functions in the user's turns, and
 * turns of one side put together. Throws `ask.refused` for a medium without a place.
 */
export function conversationOf(
  messages: readonly ChatMessage[],
  slots: MediaSlots,
): { readonly system: string | undefined; readonly turns: readonly Turn[] } {
  const system: string[] = [];
  const turns: Turn[] = [];
  for (const message of messages) {
    if (message.role === 'system') system.push(wordsOf(message.content));
    else {
      const role = message.role === 'assistant' ? 'assistant' : 'user';
      const content = blocksOf(message, slots);
      const last = turns.at(-1);
      if (last?.role === role) last.content.push(...content);
      else if (content.length > 0) turns.push({ role, content });
    }
  }
  return { system: system.filter((text) => text !== '').join('\n\n') || undefined, turns };
}

function blocksOf({ role, content, toolCalls, toolCallId }: ChatMessage, slots: MediaSlots): object[] {
  if (role === 'tool') return [{ type: 'tool_result', tool_use_id: toolCallId ?? '', content: wordsOf(content) }];
  const blocks = wordsAndMedia(content).flatMap((part): object[] => {
    if (part.kind === 'media') return [mediaBlock(part.media, slots)];
    // Texts without words are refused.
    return part.text.trim() === '' ? [] : [{ type: 'text', text: part.text }];
  });
  const calls = toolCalls?.map(({ id, name, arguments: given }) => ({
    type: 'tool_use',
    id,
    name,
    input: inputOf(given),
  }));
  return [...blocks, ...(calls ?? [])];
}

/** Arguments as an object; what a model wrote that is none goes back as its words. */
export function inputOf(given: string): object {
  try {
    const input: unknown = JSON.parse(given || '{}');
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  } catch {
    // Kept as text below.
  }
  return { arguments: given };
}

function mediaBlock(part: MediaPart, slots: MediaSlots): object {
  const { media } = part;
  if (!accepts(media)) throw noPlace(media);
  const source = { type: 'base64', media_type: media.mimeType, data: slots.hold(part) };
  return media.kind === 'image' ? { type: 'image', source } : { type: 'document', source, title: media.name };
}
