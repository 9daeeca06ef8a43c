import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { languageModelFor } from '#ask/index.ts';
import type { AskRequest, ChatMessage, ContentPart } from '#contract/chat.ts';
import { mediaPart } from '../../src/ask/__fixtures__/media.ts';
import { GEMINI_TEST_KEY, geminiConformance, sealOf } from '../../src/conformance/gemini/server.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { asked, examineHttp, HELLO } from './http-exam.ts';
import { PATIENCE } from './patience.ts';

const open = (origin: string, model = 'gemini-test') =>
  languageModelFor(`gemini:${model}`, {
    providers: { gemini: { baseUrl: `${origin}/v1beta`, apiKey: GEMINI_TEST_KEY, patience: PATIENCE } },
  });

examineHttp(geminiConformance, open, { secret: GEMINI_TEST_KEY });

describe('Gemini’s own', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startConformance(geminiConformance);
  });
  afterEach(() => {
    server.play('happy');
    expect(server.faults.splice(0)).toEqual([]);
  });
  afterAll(() => server.close());

  const ask = async (request: Partial<AskRequest>, model?: string) =>
    asked(await open(server.origin, model), { ...HELLO, ...request });
  const sent = () => server.seen.at(-1)?.json() ?? {};

  it.each([true, false])('tells the answer, its thoughts and all that was counted (stream %s)', async (stream) => {
    const { answer, error } = await ask({ stream });
    expect(error).toBeNull();
    expect(answer).toMatchObject({
      text: "现在是下午三点，it's 3 pm 🕒。",
      reasoning: 'The clock says three.',
      model: 'gemini-test-2026',
      finishReason: 'stop',
      usage: { inputTokens: 12, outputTokens: 13, reasoningTokens: 5 },
    });
  });

  it('takes pictures, sound, video and PDF as they are, under Google’s names', async () => {
    const kinds = [
      ['image', 'image/webp', 'image/webp'],
      ['audio', 'audio/mpeg', 'audio/mp3'],
      ['video', 'video/quicktime', 'video/mov'],
      ['document', 'application/pdf', 'application/pdf'],
    ] as const;
    const content = kinds.map(
      ([kind, mimeType]): ContentPart => ({ kind: 'media', media: mediaPart(kind, mimeType, Buffer.from(kind)) }),
    );
    const messages: ChatMessage[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [...content, { kind: 'text', text: 'What is this?' }] },
    ];
    expect((await ask({ messages })).error).toBeNull();
    const parts = kinds.map(([kind, , mimeType]) => ({
      inlineData: { mimeType, data: Buffer.from(kind).toString('base64') },
    }));
    expect(sent()).toEqual({
      contents: [{ role: 'user', parts: [...parts, { text: 'What is this?' }] }],
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
    });
    const tiff = mediaPart('image', 'image/tiff', Buffer.alloc(9));
    expect((await ask({ messages: [{ role: 'user', content: [{ kind: 'media', media: tiff }] }] })).error?.code).toBe(
      'ask.refused',
    );
    const { capabilities } = await open(server.origin);
    expect(capabilities.input).toMatchObject({ audio: true, image: true, video: true, document: true });
  });

  const tools = [{ name: 'sing', parameters: { type: 'object' } }, { name: 'dance' }];

  it('calls functions, and gives the model back what it sealed its thoughts with', async () => {
    const model = await open(server.origin, 'gemini-3-test');
    const { answer } = await asked(model, { ...HELLO, tools, toolChoice: 'required' });
    expect(answer).toMatchObject({ finishReason: 'tool-calls', toolCalls: [{ name: 'sing' }, { name: 'dance' }] });
    const calls = answer?.toolCalls ?? [];
    const messages: ChatMessage[] = [
      ...HELLO.messages,
      { role: 'assistant', content: 'Wait.', toolCalls: calls },
      { role: 'tool', toolCallId: calls[0]?.id, content: '{"sound":"la"}' },
      { role: 'tool', toolCallId: calls[1]?.id, content: 'hop' },
    ];
    expect((await asked(model, { messages, tools, toolChoice: 'auto' })).answer?.finishReason).toBe('stop');
    expect(sent()).toMatchObject({
      contents: [
        {},
        {
          role: 'model',
          parts: [
            { text: 'Wait.' },
            { functionCall: { name: 'sing', args: { city: 'Köln' } }, thoughtSignature: sealOf('sing') },
            { functionCall: { name: 'dance' } },
          ],
        },
        {
          role: 'user',
          parts: [
            { functionResponse: { name: 'sing', response: { sound: 'la' } } },
            { functionResponse: { name: 'dance', response: { result: 'hop' } } },
          ],
        },
      ],
      toolConfig: { functionCallingConfig: { mode: 'AUTO' } },
    });
    // A model that knows nothing of the call is told so.
    expect((await ask({ messages, tools }, 'gemini-3-test')).error).toBeNull();
    expect(JSON.stringify(sent())).toContain('skip_thought_signature_validator');
  });

  it('lets one function be called', async () => {
    const { answer } = await ask({ tools, toolChoice: { name: 'dance' }, stream: false });
    expect(answer?.toolCalls).toMatchObject([{ name: 'dance', arguments: '{"city":"Köln"}' }]);
  });

  it('sends options under Google’s names', async () => {
    const schema = { type: 'object' };
    const { losses } = await ask({
      temperature: 1.5,
      topP: 0.9,
      maxTokens: 9,
      seed: 7,
      stop: ['.'],
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      logprobs: { top: 2 },
      responseFormat: { kind: 'json-schema', name: 'n', schema },
    });
    expect(losses).toEqual([]);
    expect(sent().generationConfig).toEqual({
      temperature: 1.5,
      topP: 0.9,
      maxOutputTokens: 9,
      seed: 7,
      stopSequences: ['.'],
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      responseLogprobs: true,
      logprobs: 2,
      responseMimeType: 'application/json',
      responseJsonSchema: schema,
    });
  });

  it.each(['reasoning_effort', 'logit_bias'])('says that %s was not heeded', async (field) => {
    const { losses } = await ask({ extra: { [field]: 'low' } });
    expect(losses.map(({ kind, text }) => [kind, text])).toEqual([['option-ignored', field]]);
  });

  it.each([true, false])('speaks itself (stream %s)', async (stream) => {
    const { events, error, answer } = await ask({ speak: { voice: 'Kore' }, stream }, 'gemini-test-tts');
    expect(error).toBeNull();
    const sound = events.filter((event) => event.kind === 'sound-delta');
    expect(sound.reduce((sum, { pcm }) => sum + pcm.length, 0)).toBe(12_000);
    expect(sound[0]?.sampleRateHz).toBe(24_000);
    expect(answer?.finishReason).toBe('stop');
    expect(sent().generationConfig).toEqual({
      responseModalities: ['AUDIO'],
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
    });
  });

  it.each([
    ['no-model', 'ask.unknown-model'],
    ['malformed-call', 'ask.upstream-failed'],
  ])('%s is %s', async (play, code) => {
    server.play(play);
    expect((await ask({})).error?.code).toBe(code);
  });
});
