import { SensoriumError } from '#contract/error.ts';
import type { AskRequest } from '#contract/ports.ts';

/** Refuses a conversation without a word from the user: every dialect would answer it with something made up. */
export function mustAsk({ messages }: AskRequest): void {
  if (messages.some(({ role, content }) => role === 'user' && content.trim() !== '')) return;
  throw new SensoriumError('ask.no-question', 'There is no question in this conversation.', {
    hint: 'Add a message from the user.',
  });
}
