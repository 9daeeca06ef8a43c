import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { capabilitiesOf, languageModelFor } from '#ask/index.ts';
import type { AskRequest, ContentPart } from '#contract/chat.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { mediaPart } from '../../src/ask/__fixtures__/media.ts';
import { examineLanguageModel } from '../../src/ask/conformance.ts';
import { iflytekConformance } from '../../src/conformance/iflytek/sockets.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { asked, HELLO } from './http-exam.ts';
import { iflytekAt, tellsSecrets } from './iflytek.ts';

let server: Running;
beforeAll(async () => {
  server = await startConformance(iflytekConformance);
});
afterEach(() => {
  server.play('happy');
  expect(server.faults.splice(0)).toEqual([]);
});
afterAll(() => server.close());

const open = (model: string, more = {}): Promise<LanguageModel> =>
  languageModelFor(`iflytek:${model}`, { providers: iflytekAt(server.origin, more) });
const TEXT = "现在是下午三点，it's3pm🕒。";

const picture = (sizeBytes: number, mimeType = 'image/png'): ContentPart => {
  const bytes = Buffer.alloc(sizeBytes, 1);
  bytes.write(mimeType === 'image/png' ? '\x89PNG' : '\xff\xd8', 0, 'latin1');
  return { kind: 'media', media: mediaPart('image', mimeType, bytes) };
};
const about = (...parts: ContentPart[]): AskRequest => ({
  messages: [{ role: 'user', content: [...parts, { kind: 'text', text: '这是什么？' }] }],
});

describe('spark over a socket', () => {
  examineLanguageModel('iflytek:generalv3.5', () => open('generalv3.5'));

  it.each(['lite', 'generalv3', 'pro-128k', 'generalv3.5', 'max-32k', '4.0Ultra', 'x1', 'spark-x'])(
    'finds %s at its own address',
    async (model) => {
      const { answer } = await asked(await open(model), HELLO);
      expect(answer).toMatchObject({
        text: TEXT,
        model,
        finishReason: 'stop',
        usage: { inputTokens: 1, outputTokens: 7 },
      });
      expect(answer?.reasoning).toBe(/x/.test(model) && model !== 'max-32k' ? '先看钟。' : undefined);
    },
  );

  it.each([
    ['code:10013', 'ask.refused'],
    ['code:10014', 'ask.refused'],
    ['code:10007', 'ask.rate-limited'],
    ['code:10907', 'ask.too-long'],
    ['code:11200', 'ask.key-refused'],
    ['code:11201', 'ask.quota-spent'],
    ['code:11202', 'ask.rate-limited'],
    ['code:10700', 'ask.upstream-failed'],
    ['cut-off', 'ask.upstream-failed'],
    ['silence', 'ask.upstream-failed'],
    ['mismatch', 'ask.key-refused'],
  ])('%s is %s, and what was said before stays said', async (play, code) => {
    server.play(play, 1);
    const { text, answer, error } = await asked(await open('generalv3.5'), HELLO);
    expect({ answer, code: error?.code }).toEqual({ answer: null, code });
    expect(TEXT.startsWith(text)).toBe(true);
    expect(text !== '').toBe(/^code|cut/.test(play));
    expect(tellsSecrets(`${error?.message} ${error?.hint} ${JSON.stringify(error?.details)}`)).toBe(false);
  });

  it('says what it was asked and could not heed', async () => {
    const request = { ...HELLO, topP: 0.5, maxTokens: 9_000, temperature: 0.5, extra: { top_k: 3, n: 1, user: 'x' } };
    const { losses, error } = await asked(await open('generalv3.5'), request);
    expect(error).toBeNull();
    expect(losses.map(({ kind, text }) => `${kind} ${text}`).sort()).toEqual([
      'option-ignored maxTokens',
      'option-ignored topP',
      'option-ignored user',
    ]);
  });

  it('takes any temperature, and says where it took the nearest', async () => {
    const model = await open('generalv3.5');
    expect(await asked(model, { ...HELLO, temperature: 0 })).toMatchObject({ text: TEXT, error: null, losses: [] });
    const { error, losses } = await asked(model, { ...HELLO, temperature: 1.5 });
    expect(error).toBeNull();
    expect(losses).toEqual([expect.objectContaining({ kind: 'option-ignored', text: 'temperature' })]);
  });

  it('puts the system’s words before the question where there is no place for them, and says so', async () => {
    const messages = [{ role: 'system', content: '请说中文。' }, ...HELLO.messages] as const;
    expect((await asked(await open('4.0Ultra'), { messages })).losses).toEqual([]);
    const { losses, error } = await asked(await open('lite'), { messages });
    expect(error).toBeNull();
    expect(losses).toEqual([expect.objectContaining({ kind: 'rearranged', stage: 'ask', engine: 'iflytek:lite' })]);
  });

  it('needs all three keys', async () => {
    const { error } = await asked(await open('lite', { apiSecret: null }), HELLO);
    expect(error).toMatchObject({ code: 'ask.key-refused', hint: 'Set XFYUN_API_SECRET.' });
  });
});

describe('spark’s picture understanding', () => {
  it.each(['general', 'imagev3'])('%s sees a picture before all words', async (model) => {
    const { answer, losses } = await asked(await open(model), about(picture(5_000)));
    expect(answer?.text).toBe(`图片是PNG，5000字节。${TEXT}`);
    expect(losses).toEqual([]);
    const { text } = await asked(await open(model), about(picture(700, 'image/jpeg')));
    expect(text).toContain('JPEG，700字节');
  });

  it('keeps the picture first in a conversation that goes on', async () => {
    const messages: AskRequest['messages'] = [
      { role: 'system', content: '请简短。' },
      ...about(picture(500)).messages,
      { role: 'assistant', content: '一只猫。' },
      { role: 'user', content: '什么颜色？' },
    ];
    const { text, losses } = await asked(await open('imagev3'), { messages });
    expect(text).toContain('PNG，500字节');
    expect(losses.map(({ kind }) => kind)).toEqual(['rearranged']);
  });

  it('sends no message without words', async () => {
    const messages: AskRequest['messages'] = [
      { role: 'user', content: [picture(500)] },
      { role: 'assistant', content: '' },
      { role: 'user', content: '这是什么？' },
    ];
    expect((await asked(await open('imagev3'), { messages })).error).toBeNull();
    expect((await asked(await open('imagev3'), { messages: messages.slice(0, 1) })).error).toBeNull();
  });

  it('takes one picture, and says so of two', async () => {
    const { error } = await asked(await open('imagev3'), about(picture(10), picture(10)));
    expect(error?.code).toBe('ask.refused');
  });

  it('refuses more than 4 MB where the server does, and not where it does not', async () => {
    const large = about(picture(5 * 2 ** 20));
    // Megabytes take longer than the short waits of the other tests.
    expect((await asked(await open('imagev3', { patience: {} }), large)).error?.code).toBe('ask.refused');
    expect(server.faults.splice(0)).toEqual(['a picture of 5242880 bytes']);
    const other = await startConformance(iflytekConformance, { switches: ['any-image-size'] });
    const model = await languageModelFor('iflytek:imagev3', { providers: iflytekAt(other.origin, { patience: {} }) });
    expect((await asked(model, large)).error).toBeNull();
    expect(other.faults).toEqual([]);
    await other.close();
  });

  it('code 10041 is a refused picture', async () => {
    server.play('code:10041', 1);
    expect((await asked(await open('imagev3'), about(picture(10)))).error?.code).toBe('ask.refused');
  });

  it('says which pictures it takes', async () => {
    const { input, limits } = capabilitiesOf('iflytek:imagev3');
    expect(input).toMatchObject({ image: true, audio: false, video: false });
    expect(limits?.image).toMatchObject({ maxCount: 1, maxBytes: 4_194_304 });
    const [seeing, other] = [await open('imagev3'), await open('lite')];
    const media = (mimeType: string) => ({ kind: 'image', mimeType }) as never;
    expect([seeing.accepts?.(media('image/png')), seeing.accepts?.(media('image/webp'))]).toEqual([true, false]);
    expect(other.accepts?.(media('image/png'))).toBe(false);
  });
});
