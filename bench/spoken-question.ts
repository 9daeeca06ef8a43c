import type { AnswerRequest } from '#pipeline/index.ts';
import type { BenchContext } from './case.ts';

/** Both sides answer in this many tokens at most. */
export const MAX_ANSWER_TOKENS = 128;

/** Whatever the recording says, this asks for several sentences, so that speaking can begin while the model still writes. */
export const LONG_QUESTION = 'Tell me in five sentences what this is about and why it matters.';

/** The main job as a request: a recording, a question about it, and a spoken answer. */
export function spokenQuestion({ recording }: BenchContext, question: string | null): AnswerRequest {
  return {
    question,
    media: [{ kind: 'path', path: recording.file }],
    language: recording.language,
    voice: 'heart',
    speed: 1,
    system: null,
    temperature: 0,
    maxTokens: MAX_ANSWER_TOKENS,
  };
}
