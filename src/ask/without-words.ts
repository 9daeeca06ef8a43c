import type { AskRequest } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import { oneLine } from '#upstream/errors.ts';
import { wordsOf } from './question.ts';

/** Enough of a text to know it again, and too much to stand in a server's own words by chance. */
const KNOWN_AGAIN_CHARS = 24;

/** The same error without what a server repeats of the conversation: error texts go into logs, and that must not. */
export function withoutWords(error: SensoriumError, { messages }: AskRequest): SensoriumError {
  for (const { content } of messages) {
    for (const text of typeof content === 'string' ? [content] : wordsOf(content).split('\n')) {
      const beginning = oneLine(text.slice(0, 4 * KNOWN_AGAIN_CHARS)).slice(0, KNOWN_AGAIN_CHARS);
      const at = beginning.length < KNOWN_AGAIN_CHARS / 2 ? -1 : error.message.indexOf(beginning);
      if (at < 0) continue;
      const { code, hint, details, cause } = error;
      return new SensoriumError(code, `${error.message.slice(0, at)}[the text it was sent]`, { hint, details, cause });
    }
  }
  return error;
}
