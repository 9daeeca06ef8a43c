import type { AnswerRequest } from '#pipeline/index.ts';
import type { BenchContext } from './case.ts';

/** Both sides answer in this many tokens at most. */
export const MAX_ANSWER_TOKENS = 128;

/** The main job as a request: a recording, a question about it, and a spoken answer. */
export function spokenQuestion({ recording }: BenchContext): AnswerRequest {
  return {
    question: recording.question,
    media: [{ kind: 'path', path: recording.file }],
    language: recording.language,
    voice: 'heart',
    speed: 1,
    system: null,
    temperature: 0,
    maxTokens: MAX_ANSWER_TOKENS,
  };
}
