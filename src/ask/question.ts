import type { AskRequest, ChatMessage, ContentPart } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';

/** A piece of a message as every dialect knows it. */
export type WordsOrMedia = Exclude<ContentPart, { kind: 'vectors' }>;

/**
 * Refuses a conversation without anything from the user, since every dialect would answer it with something made up, and one
 * with vectors unless this way `takesVectors`. Throws `ask.no-question`, `ask.refused`.
 */
export function mustAsk({ messages }: AskRequest, takesVectors = false): void {
  if (!takesVectors) for (const { content } of messages) wordsAndMedia(content);
  if (messages.some(({ role, content }) => role === 'tool' || (role === 'user' && !isEmpty(content)))) return;
  throw new SensoriumError('ask.no-question', 'There is no question in this conversation.', {
    hint: 'Add a message from the user.',
  });
}

function isEmpty(content: ChatMessage['content']): boolean {
  if (typeof content === 'string') return content.trim() === '';
  return content.every((part) => part.kind === 'text' && part.text.trim() === '');
}

/** The words of a message; a medium or vectors in it have none. */
export function wordsOf(content: ChatMessage['content']): string {
  if (typeof content === 'string') return content;
  return content.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
}

/** The pieces of a message for a way that has no place for vectors. Throws `ask.refused` where there are some. */
export function wordsAndMedia(content: ChatMessage['content']): readonly WordsOrMedia[] {
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  return content.map((part) => {
    if (part.kind !== 'vectors') return part;
    const { part: name, rows, width } = part.vectors;
    throw new SensoriumError('ask.refused', `${name} is ${rows} vectors, and this way to a model takes none.`, {
      hint: 'Ask a model of this machine, of vLLM or of SGLang by its vectors; or give what they stand for in words.',
      details: { part: name, rows, width, code: 'EMB_SERVER_UNSUPPORTED' },
    });
  });
}
