import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { languageModelFor } from '#ask/index.ts';
import type { AskRequest, ChatMessage, ContentPart } from '#contract/chat.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { mediaPart } from '../../src/ask/__fixtures__/media.ts';
import { ANTHROPIC_TEST_KEY, anthropicConformance } from '../../src/conformance/anthropic/server.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { asked, examineHttp, HELLO } from './http-exam.ts';
import { PATIENCE } from './patience.ts';

const open = (origin: string) =>
  languageModelFor('anthropic:claude-test', {
    providers: { anthropic: { baseUrl: `${origin}/v1`, apiKey: ANTHROPIC_TEST_KEY, patience: PATIENCE } },
  });

examineHttp(anthropicConformance, open, {
  secret: ANTHROPIC_TEST_KEY,
});

describe('Anthropic’s own', () => {
  let server: Running;
  let model: LanguageModel;
  beforeAll(async () => {
    server = await startConformance(anthropicConformance);
    model = await open(server.origin);
  });
  afterEach(() => {
    server.play('happy');
    expect(server.faults.splice(0)).toEqual([]);
  });
  afterAll(() => server.close());

  const ask = (request: Partial<AskRequest>) => asked(model, { ...HELLO, ...request });
  const sent = () => server.seen.at(-1)?.json() ?? {};
  const lost = async (request: Partial<AskRequest>) => {
    const { error, losses } = await ask(request);
    expect(error).toBeNull();
    return losses.map(({ kind, text }) => [kind, text]);
  };

  it.each([true, false])('tells the answer, its thoughts and all that was counted (stream %s)', async (stream) => {
    const { answer, error } = await ask({ stream });
    expect(error).toBeNull();
    expect(answer).toMatchObject({
      text: "现在是下午三点，it's 3 pm 🕒。",
      reasoning: 'The clock says three.',
      model: 'claude-test-2026',
      finishReason: 'stop',
      usage: { inputTokens: 12, cachedTokens: 3, outputTokens: 8 },
    });
  });

  it('gives system words apart, pictures and PDF in base64, and joins turns of one side', async () => {
    const picture: ContentPart = { kind: 'media', media: mediaPart('image', 'image/png', Buffer.from('a picture')) };
    const paper: ContentPart = {
      kind: 'media',
      media: mediaPart('document', 'application/pdf', Buffer.from('%PDF-1')),
    };
    const messages: ChatMessage[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ kind: 'text', text: 'Look:' }, picture] },
      { role: 'user', content: [paper, { kind: 'text', text: ' ' }] },
      { role: 'system', content: 'Be kind.' },
    ];
    expect((await ask({ messages })).error).toBeNull();
    expect(sent()).toMatchObject({
      model: 'claude-test',
      max_tokens: 8192,
      system: 'Be brief.\n\nBe kind.',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look:' },
            {
              type: 'image',
              source: { type: 'base64', media_type: 'image/png', data: Buffer.from('a picture').toString('base64') },
            },
            {
              type: 'document',
              source: { type: 'base64', media_type: 'application/pdf', data: Buffer.from('%PDF-1').toString('base64') },
            },
          ],
        },
      ],
    });
  });

  it('has no place for sound, video and other pictures', async () => {
    for (const [kind, mimeType] of [
      ['audio', 'audio/wav'],
      ['video', 'video/mp4'],
      ['image', 'image/tiff'],
    ] as const) {
      const media = mediaPart(kind, mimeType, Buffer.alloc(9));
      expect(model.accepts?.(media.media)).toBe(false);
      const messages: ChatMessage[] = [{ role: 'user', content: [{ kind: 'media', media }] }];
      expect((await ask({ messages })).error?.code).toBe('ask.refused');
    }
    expect(model.capabilities.input).toMatchObject({ image: true, document: true, audio: false, video: false });
  });

  const sing = { name: 'sing', description: 'Sings.', parameters: { properties: { city: { type: 'string' } } } };
  const dance = { name: 'dance' };

  it.each([true, false])('calls functions, and takes their results (stream %s)', async (stream) => {
    const { answer } = await ask({ tools: [sing, dance], toolChoice: 'required', stream });
    expect(answer).toMatchObject({
      finishReason: 'tool-calls',
      toolCalls: [
        { id: 'toolu_sing', name: 'sing' },
        { id: 'toolu_dance', name: 'dance' },
      ],
    });
    const calls = answer?.toolCalls ?? [];
    for (const call of calls) expect(JSON.parse(call.arguments)).toEqual({ city: 'Köln' });
    const messages: ChatMessage[] = [
      ...HELLO.messages,
      { role: 'assistant', content: '', toolCalls: calls },
      ...calls.map(({ id }): ChatMessage => ({ role: 'tool', toolCallId: id, content: 'La la.' })),
    ];
    expect((await ask({ messages, tools: [sing, dance], toolChoice: 'none' })).answer?.finishReason).toBe('stop');
    expect(sent()).toMatchObject({ tool_choice: { type: 'none' }, messages: [{}, {}, { content: [{}, {}] }] });
  });

  it('lets one function be called, or one at a time', async () => {
    const one = await ask({ tools: [sing, dance], toolChoice: { name: 'dance' } });
    expect(one.answer?.toolCalls).toMatchObject([{ name: 'dance' }]);
    const extra = { parallel_tool_calls: false };
    expect((await ask({ tools: [sing, dance], toolChoice: 'required', extra })).answer?.toolCalls).toHaveLength(1);
    expect((await ask({ tools: [sing], extra })).error).toBeNull();
    expect(sent()).toMatchObject({ tool_choice: { type: 'auto', disable_parallel_tool_use: true } });
  });

  it('sends options that have a counterpart', async () => {
    const schema = { type: 'object' };
    const request: Partial<AskRequest> = {
      temperature: 0.5,
      topP: 0.9,
      maxTokens: 99,
      stop: ['.'],
      responseFormat: { kind: 'json-schema', name: 'n', schema },
      extra: { reasoning_effort: 'high', user: 'u1', thinking: { type: 'adaptive' } },
    };
    expect(await lost(request)).toEqual([]);
    expect(sent()).toMatchObject({
      temperature: 0.5,
      top_p: 0.9,
      max_tokens: 99,
      stop_sequences: ['.'],
      output_config: { effort: 'high', format: { type: 'json_schema', schema } },
      metadata: { user_id: 'u1' },
      thinking: { type: 'adaptive' },
    });
  });

  it.each<[string, Partial<AskRequest>]>([
    ['seed', { seed: 1 }],
    ['frequencyPenalty', { frequencyPenalty: 1 }],
    ['presencePenalty', { presencePenalty: 1 }],
    ['logprobs', { logprobs: { top: 1 } }],
    ['responseFormat', { responseFormat: { kind: 'json' } }],
    ['audio', { speak: { voice: null } }],
    ['logit_bias', { extra: { logit_bias: {} } }],
    ['reasoning_effort', { extra: { reasoning_effort: 'minimal' } }],
    ['n', { extra: { n: 2 } }],
    ['temperature', { temperature: 1.5 }],
  ])('says that %s was not heeded', async (option, request) => {
    expect(await lost(request)).toEqual([['option-ignored', option]]);
  });

  it('does without a field that the model does not take, and says so', async () => {
    server.play('no-temperature');
    expect(await lost({ temperature: 0.2 })).toEqual([['option-ignored', 'temperature']]);
  });

  it.each([
    ['overloaded-529', 'ask.upstream-failed', 3],
    ['no-model', 'ask.unknown-model', 1],
    ['too-long', 'ask.too-long', 1],
  ])('%s is %s', async (play, code, times) => {
    server.play(play);
    const before = server.seen.length;
    expect((await ask({})).error?.code).toBe(code);
    expect(server.seen.length - before).toBe(times);
  });

  it('passes over events it does not know', async () => {
    server.play('new-events');
    expect((await ask({})).answer).toMatchObject({ text: "现在是下午三点，it's 3 pm 🕒。", finishReason: 'stop' });
  });
});
