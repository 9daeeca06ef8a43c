import { fakeLanguageModel } from '#ask/fake.ts';
import type { AskRequest } from '#contract/chat.ts';
import type { Segment } from '#contract/perception.ts';
import type { LanguageModel, Recogniser } from '#contract/ports.ts';
import { cancelled } from '#kit/abort.ts';

export const SAID = '他浮着墙慢慢走呢。';
const DOUBTED = new Set(['浮']);

/** Hears the same sentence in any sound, a character a word, some of them doubtful. */
export function listener(text = SAID, prompts?: (string | undefined)[]): Recogniser {
  const points = [...text];
  const words = points.map((one, at) => ({
    ...{ text: one, startMs: at * 100, endMs: at * 100 + 90, confidence: DOUBTED.has(one) ? 0.2 : 0.9 },
    ...{ confidenceSource: 'token-logprob:listener', timeSource: 'model' as const, tokens: [] },
  }));
  const measured = { meanLogprob: -0.2, compressionRatio: 1, noSpeechProbability: 0 };
  const segment: Segment = { startMs: 0, endMs: points.length * 100, text, words, ...measured, language: 'zh' };
  return {
    id: 'listener',
    capabilities: { languages: 'any', tokenLogprobs: true, wordTimes: 'model', prompt: prompts !== undefined },
    async *hear({ prompt }) {
      prompts?.push(prompt);
      yield segment;
    },
    close: async () => {},
  };
}

/** Answers each question by what it is given; a question about doubtful places is told by its system prompt. */
export function scripted(corrects: string | Error | 'hangs', asked: AskRequest[], id = 'scripted'): LanguageModel {
  const model = fakeLanguageModel();
  return {
    ...model,
    id,
    async *ask(request, context) {
      asked.push(request);
      if (!isCorrection(request)) return yield* model.ask(request, context);
      if (corrects instanceof Error) throw corrects;
      if (corrects === 'hangs') {
        await new Promise((_, reject) =>
          context.signal.addEventListener('abort', () => reject(cancelled(context.signal))),
        );
      }
      const text = String(corrects);
      yield { kind: 'text-delta', text };
      const usage = { inputTokens: 100, outputTokens: 10 };
      yield { kind: 'answer-end', answer: { text, model: id, finishReason: 'stop', usage } };
    },
  };
}

/** Whether it asks about doubtful places. */
export const isCorrection = ({ messages }: AskRequest) => String(messages[0]?.content).includes('JSON');
/** What was asked besides. */
export const givenTo = (asked: readonly AskRequest[]) =>
  asked.filter((one) => !isCorrection(one)).map(({ messages }) => String(messages.at(-1)?.content));

