import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '#contract/answer.ts';
import type { AskEvent, AskRequest, ChatMessage, ContentPart } from '#contract/chat.ts';
import type { Loss } from '#contract/loss.ts';
import type { LanguageModel } from '#contract/ports.ts';

const SYSTEM: ChatMessage = { role: 'system', content: 'You are a helpful assistant.' };
const user = (content: string): ChatMessage => ({ role: 'user', content });
const LONG: AskRequest = {
  messages: [SYSTEM, user('Write a long story about a lighthouse, a storm and the people who live there.')],
  maxTokens: 200,
};
const WITH_VECTORS: readonly ContentPart[] = [
  { kind: 'text', text: 'Say hello to ' },
  {
    kind: 'vectors',
    vectors: {
      part: 'part-1',
      rows: 1,
      width: 4,
      values: new Float32Array([0.5, -0.5, 0.25, 0]),
      surrogate: 'Ada',
      sha256: '0'.repeat(64),
      component: null,
    },
  },
];

/**
 * The exam of the LanguageModel port: registers the tests for one implementation. `open` gives a model that answers any
 * question with at least a few words.
 */
export function examineLanguageModel(name: string, open: () => Promise<LanguageModel>): void {
  describe(`${name} as a language model`, () => {
    let model: LanguageModel;
    beforeAll(async () => {
      model = await open();
      await model.warm();
    });
    afterAll(() => model.close());

    it('says what it can do and who says so', () => {
      expect(model.id).not.toBe('');
      expect(model.capabilities.input.text).toBe(true);
      expect(model.capabilities.source).not.toBe('');
    });

    it('streams pieces that make up the answer, which comes last', async () => {
      const { events, pieces, answer } = await askAll(model, { messages: [SYSTEM, user('Say hello.')] });
      expect(pieces.join('')).toBe(answer.text);
      expect(pieces.length).toBeGreaterThan(0);
      expect(pieces).not.toContain('');
      expect(events.at(-1)?.kind).toBe('answer-end');
      expect(events.filter(({ kind }) => kind === 'answer-end')).toHaveLength(1);
      expect(answer.model).not.toBe('');
    });

    it('counts tokens or says that it cannot', async () => {
      const { answer } = await askAll(model, { messages: [SYSTEM, user('Say hello.')] });
      if (answer.usage === null) return;
      expect(answer.usage.inputTokens).toBeGreaterThan(0);
      expect(answer.usage.outputTokens).toBeGreaterThan(0);
    });

    it('stops at the longest answer allowed and says so', async () => {
      const { answer } = await askAll(model, { ...LONG, maxTokens: 2 });
      expect(answer.finishReason).toBe('length');
      if (answer.usage) expect(answer.usage.outputTokens).toBeLessThanOrEqual(2);
    });

    it('never cuts a character in two', async () => {
      const { pieces } = await askAll(model, { messages: [user('Repeat exactly: 🌸🌼🇫🇷龘中文 é')], maxTokens: 40 });
      for (const piece of pieces) expect(piece).not.toMatch(/\p{Surrogate}/u);
      expect(pieces.join('')).not.toContain('\ufffd');
    });

    it('takes a conversation with several turns', async () => {
      const messages: ChatMessage[] = [
        SYSTEM,
        user('Hi.'),
        { role: 'assistant', content: 'Hello!' },
        user('Who are you?'),
      ];
      expect((await askAll(model, { messages, maxTokens: 20 })).answer.text).not.toBe('');
    });

    it('ends at a text to stop at, which is not part of the answer', async () => {
      const { answer, pieces } = await askAll(model, { ...LONG, stop: ['never said', ' '] });
      expect(answer.text).not.toContain(' ');
      expect(pieces.join('')).toBe(answer.text);
      expect(answer.finishReason).toBe('stop');
    });

    it('gives the same answer whole as in pieces', async () => {
      const request: AskRequest = { messages: [SYSTEM, user('Say hello.')], maxTokens: 30 };
      const streamed = (await askAll(model, request)).answer;
      const { answer, pieces } = await askAll(model, { ...request, stream: false });
      expect(answer).toEqual(streamed);
      expect(pieces.join('')).toBe(answer.text);
    });

    it('does what it is asked, or says that it did not', async () => {
      const asked = {
        ...LONG,
        maxTokens: 60,
        logprobs: { top: 1 },
        tools: [{ name: 'sing', description: 'Sings a song.', parameters: { type: 'object' } }],
        toolChoice: 'required',
        extra: { n: 2 },
      } as const satisfies AskRequest;
      const { answer, losses } = await askAll(model, asked);
      const ignored = losses.flatMap(({ kind, text }) => (kind === 'option-ignored' ? [text] : []));
      expect(answer.logprobs !== undefined || ignored.includes('logprobs')).toBe(true);
      expect(answer.toolCalls !== undefined || ignored.includes('tools')).toBe(true);
      expect(ignored).toContain('n');
      for (const { message, action } of losses) expect(`${message} ${action}`).not.toMatch(/lighthouse/);
    });

    it('answers in JSON, or says that it did not', async () => {
      const request: AskRequest = { messages: [user('Name one colour in JSON.')], responseFormat: { kind: 'json' } };
      const { answer, losses } = await askAll(model, { ...request, maxTokens: 200 });
      if (losses.some(({ text }) => text === 'responseFormat')) return;
      if (answer.finishReason !== 'length') expect(JSON.parse(answer.text)).toBeTypeOf('object');
      expect(answer.text.trimStart()[0]).toBe('{');
    });

    it('reads calls of functions and their results', async () => {
      const messages: ChatMessage[] = [
        user('What is 2 plus 2?'),
        { role: 'assistant', content: '', toolCalls: [{ id: 'call_1', name: 'add', arguments: '{"a":2,"b":2}' }] },
        { role: 'tool', toolCallId: 'call_1', content: '4' },
      ];
      expect((await askAll(model, { messages, maxTokens: 20 })).answer.text).not.toBe('');
    });

    it('refuses a conversation in which nobody asks', async () => {
      for (const messages of [[], [SYSTEM]]) {
        await expect(askAll(model, { messages })).rejects.toMatchObject({ code: 'ask.no-question' });
      }
    });

    it('takes vectors, or refuses them and says what helps', async () => {
      const { answer, refusal } = await askAll(model, { messages: [{ role: 'user', content: WITH_VECTORS }] }).then(
        ({ answer }) => ({ answer, refusal: null }),
        (refusal: unknown) => ({ answer: null, refusal }),
      );
      if (answer) expect(model.capabilities.embeddings).not.toBe(false);
      else expect(refusal).toMatchObject({ code: 'ask.refused', hint: expect.stringMatching(/\w/) });
    });

    it('does not begin when cancelled before', async () => {
      await expect(askAll(model, LONG, AbortSignal.abort())).rejects.toMatchObject({ code: 'kit.cancelled' });
    });

    it('stops when cancelled in the middle, and answers the next question', async () => {
      const controller = new AbortController();
      const pieces: string[] = [];
      const asking = (async () => {
        for await (const event of model.ask(LONG, { signal: controller.signal, note: () => {} })) {
          if (event.kind === 'text-delta' && pieces.push(event.text) === 2) controller.abort();
        }
      })();
      await expect(asking).rejects.toMatchObject({ code: 'kit.cancelled' });
      expect((await askAll(model, { messages: [user('Say hello.')] })).answer.text).not.toBe('');
    });

    it('stops when cancelled while the answer is to come whole, and answers the next question', async () => {
      const controller = new AbortController();
      const asking = askAll(model, { ...LONG, stream: false }, controller.signal);
      setImmediate(() => controller.abort());
      await expect(asking).rejects.toMatchObject({ code: 'kit.cancelled' });
      expect((await askAll(model, { messages: [user('Say hello.')] })).answer.text).not.toBe('');
    });

    it('stops when its reader leaves, and answers the next question', async () => {
      for await (const event of model.ask(LONG, { signal: new AbortController().signal, note: () => {} })) {
        if (event.kind === 'text-delta') break;
      }
      expect((await askAll(model, { messages: [user('Say hello.')] })).answer.text).not.toBe('');
    });
  });
}

/** Asks and collects everything that comes. */
export async function askAll(
  model: LanguageModel,
  request: AskRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<{ events: AskEvent[]; pieces: string[]; answer: Answer; losses: Loss[] }> {
  const events: AskEvent[] = [];
  const losses: Loss[] = [];
  for await (const event of model.ask(request, { signal, note: (loss) => losses.push(loss) })) events.push(event);
  const last = events.at(-1);
  if (last?.kind !== 'answer-end') throw new Error('The stream did not end with an answer.');
  const pieces = events.flatMap((event) => (event.kind === 'text-delta' ? [event.text] : []));
  return { events, pieces, answer: last.answer, losses };
}
