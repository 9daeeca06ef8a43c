import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { capabilitiesOf, languageModelFor, listRemoteModels } from '#ask/index.ts';
import type { AskRequest, ContentPart } from '#contract/chat.ts';
import { mediaPart } from '../../src/ask/__fixtures__/media.ts';
import { QWEN_TEST_KEY, qwenConformance } from '../../src/conformance/qwen/server.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { wav } from '../../src/conformance/sound.ts';
import { type Asked, asked, examineHttp, HELLO } from './http-exam.ts';
import { PATIENCE } from './patience.ts';

const providersAt = (origin: string) => ({
  qwen: { baseUrl: `${origin}/compatible-mode/v1`, apiKey: QWEN_TEST_KEY, patience: PATIENCE },
});
const open = (origin: string, model: string) => languageModelFor(`qwen:${model}`, { providers: providersAt(origin) });

examineHttp(qwenConformance, (origin) => open(origin, 'qwen3-vl-plus'), { secret: QWEN_TEST_KEY });
describe('natively', () =>
  examineHttp(qwenConformance, (origin) => open(origin, 'qwen-audio-turbo'), { secret: QWEN_TEST_KEY }));

/** A PNG's header, which is all that the server looks at. */
function png(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(33);
  bytes.write('\x89PNG\r\n\x1a\n', 0, 'latin1');
  bytes.write('IHDR', 12, 'latin1');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}
const PICTURE: ContentPart = { kind: 'media', media: mediaPart('image', 'image/png', png(640, 480)) };
const SOUND: ContentPart = { kind: 'media', media: mediaPart('audio', 'audio/wav', wav(2_400, 16_000)) };
const VIDEO: ContentPart = {
  kind: 'media',
  media: mediaPart('video', 'video/mp4', Buffer.from('\0\0\0\x18ftypmp42....', 'latin1')),
};
const about = (...content: ContentPart[]): AskRequest => ({
  messages: [{ role: 'user', content: [...content, { kind: 'text', text: '这是什么？' }] }],
});
const SPOKEN: AskRequest = { ...HELLO, speak: { voice: null } };

describe('qwen: its own cases', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startConformance(qwenConformance);
  });
  afterEach(() => {
    server.play('happy');
    expect(server.faults.splice(0)).toEqual([]);
  });
  afterAll(() => server.close());

  async function ask(model: string, request: AskRequest = HELLO, play = 'happy', times?: number): Promise<Asked> {
    server.play(play, times);
    return asked(await open(server.origin, model), request);
  }
  const sent = () => server.seen.at(-1)?.json() ?? {};
  const soundOf = ({ events }: Asked) => events.flatMap((event) => (event.kind === 'sound-delta' ? [event] : []));
  const secondsOf = (got: Asked) =>
    soundOf(got).reduce((sum, { pcm, sampleRateHz }) => sum + pcm.length / sampleRateHz, 0);

  it('Q1 streams from a model that only streams, also when the answer is to be whole', async () => {
    const { error, answer } = await ask('qwen3-omni-flash', { ...HELLO, stream: false });
    expect(error).toBeNull();
    expect(answer?.text).toContain('下午三点');
    expect(sent().stream).toBe(true);
  });

  it('Q1 tells the server’s words where nobody knew that a model only streams', async () => {
    const providers = { other: { ...providersAt(server.origin).qwen, dialect: 'openai' } };
    const model = await languageModelFor('other:qwen3-omni-flash', { providers });
    const { error } = await asked(model, { ...HELLO, stream: false });
    expect(error?.code).toBe('ask.refused');
    expect(error?.message).toContain('This model only support stream mode');
    expect(server.faults.splice(0)).toEqual(['an omni model without stream']);
  });

  it('Q2 gives words and half a second of headerless sound cut within its base64', async () => {
    const got = await ask('qwen3-omni-flash', SPOKEN);
    expect(got.error).toBeNull();
    expect(got.text).toContain('下午三点');
    expect(secondsOf(got)).toBeCloseTo(0.5, 3);
    expect(new Set(soundOf(got).map(({ sampleRateHz }) => sampleRateHz))).toEqual(new Set([24_000]));
    const loudest = Math.max(...soundOf(got).flatMap(({ pcm }) => [...pcm]));
    expect(loudest).toBeCloseTo(8_000 / 32_768, 2);
    expect(got.answer?.usage).toMatchObject({ outputAudioTokens: 6 });
    expect(sent().audio).toEqual({ voice: 'Cherry', format: 'wav' });
  });

  it.each([
    ['qwen3.5-omni-plus', 'Tina'],
    ['qwen2.5-omni-7b', 'Chelsie'],
  ])('asks %s for a voice it has', async (model, voice) => {
    expect((await ask(model, SPOKEN)).error).toBeNull();
    expect(sent().audio).toEqual({ voice, format: 'wav' });
  });

  it('Q3 reads the words of older models beside their sound', async () => {
    const got = await ask('qwen-omni-turbo', SPOKEN);
    expect(got.text).toContain('下午三点');
    expect(got.answer?.text).toBe(got.text);
    expect(secondsOf(got)).toBeCloseTo(0.5, 3);
  });

  it('Q4 says which models take one kind of media in a message, and tells the refusal of two', async () => {
    const ruleOf = (model: string) => capabilitiesOf(`qwen:${model}`).rules?.oneKindPerMessage;
    expect([ruleOf('qwen3-omni-flash'), ruleOf('qwen-omni-turbo'), ruleOf('qwen3.5-omni-plus')]).toEqual([
      true,
      true,
      false,
    ]);
    expect((await ask('qwen3-omni-flash', about(PICTURE, SOUND))).error?.code).toBe('ask.refused');
    expect(server.faults.splice(0)).toEqual(['messages: image_url and input_audio in one message']);
    expect((await ask('qwen3.5-omni-plus', about(PICTURE, SOUND))).text).toBe(
      '我看到了一张640×480的图片。我听到了一段2.4秒的录音，里面有人在说话。',
    );
  });

  it('Q5 hands sound over as a data URL without a media type, and all of it arrives', async () => {
    const got = await ask('qwen3-omni-flash', about(SOUND));
    expect(got.text).toContain('2.4秒');
    const [{ content }] = sent().messages as [{ content: { input_audio: { data: string; format: string } }[] }];
    expect(content[0]?.input_audio.data).toMatch(/^data:;base64,UklGR/);
    expect(content[0]?.input_audio.format).toBe('wav');
  });

  it('Q5 has bare base64 refused', async () => {
    const providers = { other: { ...providersAt(server.origin).qwen, dialect: 'openai' } };
    const model = await languageModelFor('other:qwen3-omni-flash', { providers });
    expect((await asked(model, about(SOUND))).error?.code).toBe('ask.refused');
    expect(server.faults.splice(0)).toEqual(['audio: bare base64, or an address of another kind']);
  });

  it('hands pictures and videos over as files, and refuses what has no place', async () => {
    expect((await ask('qwen3-vl-plus', about(PICTURE))).text).toContain('640×480');
    expect((await ask('qwen3-vl-plus', about(VIDEO))).text).toContain('16字节');
    const model = await open(server.origin, 'qwen3-vl-plus');
    const accepts = (kind: 'image' | 'document', mimeType: string) =>
      model.accepts?.(mediaPart(kind, mimeType, Buffer.of(1)).media);
    expect([accepts('image', 'image/heic'), accepts('image', 'image/gif')]).toEqual([true, false]);
    expect(accepts('document', 'application/pdf')).toBe(false);
    const pdf: ContentPart = { kind: 'media', media: mediaPart('document', 'application/pdf', Buffer.of(1)) };
    expect((await ask('qwen3-vl-plus', about(pdf))).error?.code).toBe('ask.refused');
  });

  it('looks closely where the model can, and says where it cannot', async () => {
    const closely = (detail: string) => about(PICTURE, { ...PICTURE, detail } as ContentPart);
    expect((await ask('qwen3-vl-plus', closely('high'))).losses).toEqual([]);
    expect(sent().vl_high_resolution_images).toBe(true);
    expect((await ask('qwen3-vl-plus', closely('auto'))).losses).toEqual([]);
    expect(sent()).not.toHaveProperty('vl_high_resolution_images');
    for (const [model, detail] of [
      ['qwen3-vl-plus', 'low'],
      ['qwen3-omni-flash', 'high'],
    ] as const) {
      const { losses } = await ask(model, closely(detail));
      expect(losses).toMatchObject([{ kind: 'option-ignored', text: 'detail' }]);
    }
  });

  it('tells the server’s words for a picture that is too small', async () => {
    const tiny: ContentPart = { kind: 'media', media: mediaPart('image', 'image/png', png(1, 1)) };
    const { error } = await ask('qwen3-vl-plus', about(tiny));
    expect(error?.code).toBe('ask.refused');
    expect(error?.message).toContain('must be larger than 10');
    expect(server.faults.splice(0)).toEqual(['image: a side of 10 pixels or less']);
  });

  it.each(['qwen3-vl-plus', 'qwen-audio-turbo'])(
    'Q10 calls a filter a refusal, before and inside a stream: %s',
    async (model) => {
      expect((await ask(model, HELLO, 'filtered-input')).error?.code).toBe('ask.refused');
      const midway = await ask(model, HELLO, 'filtered-output');
      expect(midway.error?.code).toBe('ask.refused');
      expect(midway.error?.message).toContain('Output data may contain inappropriate content.');
      expect(midway.text).not.toBe('');
    },
  );

  it.each([
    ['arrearage', 'qwen3-vl-plus', 'ask.quota-spent', 1],
    ['arrearage', 'qwen-audio-turbo', 'ask.quota-spent', 1],
    ['free-tier', 'qwen3-vl-plus', 'ask.quota-spent', 1],
    ['allocation-quota', 'qwen3-vl-plus', 'ask.quota-spent', 1],
    // The native code says “throttling”, so it is worth another try.
    ['allocation-quota', 'qwen-audio-turbo', 'ask.rate-limited', 3],
    ['allocation-quota-later', 'qwen3-vl-plus', 'ask.rate-limited', 3],
    ['allocation-quota-later', 'qwen-audio-turbo', 'ask.rate-limited', 3],
    ['rate-limited', 'qwen-audio-turbo', 'ask.rate-limited', 3],
    ['too-long', 'qwen3-vl-plus', 'ask.too-long', 1],
  ])('Q11 %s of %s is %s after %i tries', async (play, model, code, tries) => {
    const before = server.seen.length;
    const { error } = await ask(model, HELLO, play);
    expect(error?.code).toBe(code);
    expect(server.seen.length - before).toBe(tries);
  });

  it('Q11 answers once the server that named a time is asked again', async () => {
    expect((await ask('qwen3-vl-plus', HELLO, 'allocation-quota-later', 1)).answer?.finishReason).toBe('stop');
  });

  it.each(['qwen3-vl-plus', 'qwen-audio-turbo'])(
    'Q12 a key of another region is refused and not repeated: %s',
    async (model) => {
      const { error } = await ask(model, HELLO, 'wrong-region');
      expect(error?.code).toBe('ask.key-refused');
      expect(error?.hint).toContain('DASHSCOPE_API_KEY');
      expect(JSON.stringify([error?.message, error?.hint, error?.details])).not.toContain(QWEN_TEST_KEY);
    },
  );

  it('Q15 says that an answer in one piece ran out of time, and only then', async () => {
    const cut = await ask('qwen3-vl-plus', { ...HELLO, stream: false }, 'partial-response');
    expect(cut.text).not.toBe('');
    expect(cut.losses).toMatchObject([{ kind: 'text-truncated', stage: 'ask', engine: 'qwen:qwen3-vl-plus' }]);
    expect((await ask('qwen3-vl-plus', { ...HELLO, stream: false })).losses).toEqual([]);
  });

  it('Q16 puts calls together whose last piece says neither an id nor a reason, and asks for several at once', async () => {
    const tools = [{ name: 'get_time', parameters: { type: 'object' } }];
    const got = await ask('qwen3-vl-plus', { ...HELLO, tools }, 'tool-calls');
    expect(got.answer?.finishReason).toBe('tool-calls');
    expect(got.answer?.toolCalls).toEqual([
      { id: 'call_8a1f', name: 'get_time', arguments: '{"city": "北京"}' },
      { id: 'call_8a20', name: 'get_time', arguments: '{"city": "上海"}' },
    ]);
    const single = { ...HELLO, tools, extra: { parallel_tool_calls: false } };
    expect((await ask('qwen3-vl-plus', single)).error).toBeNull();
    expect(sent().parallel_tool_calls).toBe(false);
  });

  it.each([
    ['odd-sound', 'ended in the middle of a sample'],
    ['broken-sound', 'not base64'],
  ])('H9 %s: the words stay and the loss is told', async (play, words) => {
    const got = await ask('qwen3-omni-flash', SPOKEN, play);
    expect(got.error).toBeNull();
    expect(got.losses.map(({ kind }) => kind)).toContain('truncated');
    expect(got.losses.map(({ message }) => message).join(' ')).toContain(words);
    expect(secondsOf(got)).toBeGreaterThan(0.49);
  });

  it('keeps within its ranges and says so, and does not think aloud', async () => {
    const got = await ask('qwen3-omni-flash', {
      ...SPOKEN,
      temperature: 2,
      topP: 0,
      logprobs: { top: 9 },
      extra: { enable_thinking: true },
    });
    expect(got.error).toBeNull();
    const ignored = got.losses.map(({ kind, text }) => `${kind} ${text}`);
    expect(ignored.toSorted()).toEqual([
      'option-ignored enable_thinking',
      'option-ignored logprobs',
      'option-ignored temperature',
      'option-ignored topP',
    ]);
    expect(
      (await ask('qwen3-vl-plus', { ...HELLO, temperature: 1.2, extra: { enable_thinking: true } })).losses,
    ).toEqual([]);
    expect(sent().enable_thinking).toBe(true);
  });

  it('knows what qwen-omni-turbo refuses when it speaks', async () => {
    expect(capabilitiesOf('qwen:qwen-omni-turbo').rules).toMatchObject({ systemWhenSpeaking: false, hearsVideo: true });
    const system = { role: 'system', content: '简短' } as const;
    const { error } = await ask('qwen-omni-turbo', { ...SPOKEN, messages: [system, ...HELLO.messages] });
    expect(error?.code).toBe('ask.refused');
    expect(server.faults.splice(0)).toEqual(['a system message for sound']);
  });

  it('asks natively, and by name, the models that are only there', async () => {
    const got = await ask('qwen2-audio-instruct', {
      ...about(SOUND),
      maxTokens: 50,
      frequencyPenalty: 1,
      stream: false,
    });
    expect(got.text).toContain('2.4秒');
    expect(got.answer).toMatchObject({ finishReason: 'stop', usage: { inputTokens: 33, inputAudioTokens: 27 } });
    expect(server.seen.at(-1)?.path).toBe('/api/v1/services/aigc/multimodal-generation/generation');
    expect(sent().parameters).toEqual({ result_format: 'message', incremental_output: true, max_tokens: 50 });
    expect(got.losses.map(({ text }) => text)).toEqual(['frequencyPenalty']);
    expect((await ask('qwen2-audio-instruct', about(PICTURE))).error?.code).toBe('ask.refused');
  });

  it('Q9 reads a refusal that natively comes with status 200', async () => {
    const { error, text } = await ask('qwen-audio-turbo', HELLO, 'code-in-200');
    expect(error?.code).toBe('ask.refused');
    expect(text).toBe('');
  });

  it('has an unknown model refused as one', async () => {
    expect((await ask('qwen-of-tomorrow')).error?.code).toBe('ask.unknown-model');
  });

  it('lists the models of a server that lists them, and knows what those can do', async () => {
    const listing = await startConformance(qwenConformance, { switches: ['models-list'] });
    const { models } = await listRemoteModels(providersAt(listing.origin));
    expect(models.map(({ id }) => id)).toEqual(['qwen:qwen3-vl-plus', 'qwen:qwen3-omni-flash']);
    expect(models.map(({ capabilities }) => capabilities.input.audio)).toEqual([false, true]);
    expect(listing.faults).toEqual([]);
    await listing.close();
    const silent = await listRemoteModels(providersAt(server.origin));
    expect(silent).toEqual({ models: [], unreachable: ['qwen'] });
  });
});
