import { setTimeout as pause } from 'node:timers/promises';
import type { ModelCapabilities } from '#contract/capabilities.ts';
import type { AskRequest, ContentPart } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { mustAsk, wordsAndMedia } from './question.ts';

export interface FakeOptions {
  readonly msPerWord?: number;
  /** Kinds of media it takes besides text; it names each one it is handed. */
  readonly input?: Partial<ModelCapabilities['input']>;
}

/** The smallest correct language model: it says what it was told, word by word. A word counts as a token. */
export function fakeLanguageModel(options: FakeOptions = {}): LanguageModel {
  const input = { text: true, audio: false, image: false, video: false, document: false, ...options.input } as const;
  return {
    id: 'fake',
    capabilities: {
      input,
      output: { text: true, audio: false },
      embeddings: false,
      contextTokens: null,
      languages: ['en'],
      source: 'fake.ts',
    },
    async *ask(request, context) {
      throwIfCancelled(context.signal);
      mustAsk(request);
      for (const option of unheeded(request)) {
        const message = `The fake model does not heed ${option}.`;
        context.note(lossOf({ kind: 'option-ignored', stage: 'ask', engine: 'fake', text: option, message }));
      }
      const { messages, maxTokens = 1_000, stop = [] } = request;
      const last = messages.findLast(({ role }) => role === 'user' || role === 'tool')?.content ?? '';
      const asked = typeof last === 'string' ? last : await saidIn(last, input);
      const whole = `You said: ${asked}`;
      const ends = stop.map((text) => whole.indexOf(text)).filter((at) => at >= 0);
      const all = whole.slice(0, Math.min(...ends, whole.length)).match(/\s*\S+|\s+$/g) ?? [];
      const words = all.slice(0, maxTokens);
      for (const text of request.stream === false ? [words.join('')] : words) {
        await pause(options.msPerWord ?? 0);
        throwIfCancelled(context.signal);
        if (text !== '') yield { kind: 'text-delta', text };
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

/** What it does not do. It draws no lots, so that options about drawing make no difference. */
function unheeded({ logprobs, tools, responseFormat, extra = {} }: AskRequest): string[] {
  return [
    ...(logprobs ? ['logprobs'] : []),
    ...(tools ? ['tools'] : []),
    ...(responseFormat && responseFormat.kind !== 'text' ? ['responseFormat'] : []),
    ...Object.keys(extra),
  ];
}

async function saidIn(parts: readonly ContentPart[], input: ModelCapabilities['input']): Promise<string> {
  const said: string[] = [];
  for (const part of wordsAndMedia(parts)) {
    if (part.kind === 'text') {
      said.push(part.text);
      continue;
    }
    const { kind, part: name } = part.media.media;
    if (input[kind] !== true) {
      throw new SensoriumError('ask.refused', `The fake model takes no ${kind}, and ${name} is one.`, {
        hint: 'Open it with this kind among its input.',
      });
    }
    let sizeBytes = 0;
    for await (const bytes of part.media.stream()) sizeBytes += bytes.length;
    said.push(`[${kind} ${sizeBytes} bytes]`);
  }
  return said.join('\n');
}
