import type { AskRequest, ChatMessage } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';

/** Refuses a conversation without anything from the user: every dialect would answer it with something made up. */
export function mustAsk({ messages }: AskRequest): void {
  if (messages.some(({ role, content }) => role === 'tool' || (role === 'user' && !isEmpty(content)))) return;
  throw new SensoriumError('ask.no-question', 'There is no question in this conversation.', {
    hint: 'Add a message from the user.',
  });
}

function isEmpty(content: ChatMessage['content']): boolean {
  if (typeof content === 'string') return content.trim() === '';
  return content.every((part) => part.kind === 'text' && part.text.trim() === '');
}

/** The words of a message; a medium in it has none. */
export function wordsOf(content: ChatMessage['content']): string {
  if (typeof content === 'string') return content;
  return content.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
}
