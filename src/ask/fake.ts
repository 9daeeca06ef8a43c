import { setTimeout as pause } from 'node:timers/promises';
import type { LanguageModel } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { mustAsk, wordsOf } from './question.ts';

/** The smallest correct language model: it says what it was told, word by word. A word counts as a token. */
export function fakeLanguageModel(options: { readonly msPerWord?: number } = {}): LanguageModel {
  return {
    id: 'fake',
    capabilities: {
      input: { text: true, audio: false, image: false, video: false, document: false },
      output: { text: true, audio: false },
      embeddings: false,
      contextTokens: null,
      languages: ['en'],
      source: 'fake.ts',
    },
    async *ask(request, { signal }) {
      throwIfCancelled(signal);
      mustAsk(request);
      const { messages, maxTokens = 1_000 } = request;
      const asked = wordsOf(messages.findLast((message) => message.role === 'user')?.content ?? '');
      const all = `You said: ${asked}`.match(/\s*\S+/g) ?? [];
      const words = all.slice(0, maxTokens);
      for (const text of words) {
        await pause(options.msPerWord ?? 0);
        throwIfCancelled(signal);
        yield { kind: 'text-delta', text };
      }
      yield {
        kind: 'answer-end',
        answer: {
          text: words.join(''),
          model: 'fake',
          finishReason: words.length < all.length ? 'length' : 'stop',
          usage: { inputTokens: asked.split(/\s+/).length, outputTokens: words.length },
        },
      };
    },
    async warm() {},
    async close() {},
  };
}
