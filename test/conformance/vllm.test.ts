import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { languageModelFor } from '#ask/index.ts';
import type { AskRequest, ContentPart } from '#contract/chat.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { torchTensor } from '../../src/conformance/self-hosted/torch-tensor.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { VLLM_TEST_KEY, vllmConformance } from '../../src/conformance/vllm/chat.ts';
import { VLLM_WIDTH } from '../../src/conformance/vllm/prompt-embeds.ts';
import { asked, examineHttp, HELLO } from './http-exam.ts';
import { about, lastSeen, medium } from './media.ts';
import { PATIENCE } from './patience.ts';

const open = (origin: string) =>
  languageModelFor('vllm:Qwen/Qwen2.5-VL-7B-Instruct', {
    providers: { vllm: { baseUrl: `${origin}/v1`, apiKey: VLLM_TEST_KEY, patience: PATIENCE } },
  });

examineHttp(vllmConformance, open, { secret: VLLM_TEST_KEY });

describe('vllm', () => {
  let server: Running;
  let model: LanguageModel;
  beforeAll(async () => {
    server = await startConformance(vllmConformance);
    model = await open(server.origin);
  });
  afterEach(() => expect(server.faults.splice(0)).toEqual([]));
  afterAll(() => server.close());

  const partsSent = () => {
    const { messages } = lastSeen(server).json() as { messages: { content: Record<string, unknown>[] }[] };
    return messages[0]?.content ?? [];
  };
  async function played(name: string, request = HELLO) {
    const before = server.seen.length;
    server.play(name);
    const got = await asked(model, request);
    server.play('happy');
    return { ...got, times: server.seen.length - before };
  }

  it('L1: every kind of part, and sound of other formats by its data URL', async () => {
    const media = [medium('image/png'), medium('video/mp4'), medium('audio/wav'), medium('audio/flac')];
    for (const one of media) expect(model.accepts?.(one.media)).toBe(true);
    expect((await asked(model, about(...media))).error).toBeNull();
    expect(partsSent().map(({ type }) => type)).toEqual(['image_url', 'video_url', 'input_audio', 'audio_url', 'text']);
    expect(model.accepts?.(medium('application/pdf').media)).toBe(false);
  });

  it('L1: the server also takes a plain string for an object', async () => {
    const url = `data:image/png;base64,${Buffer.from('picture').toString('base64')}`;
    const body = { model: 'm', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: url }] }] };
    expect((await post(server, body)).status).toBe(200);
  });

  it('L2: media go with their hash as cache id, and always with their bytes; the server hits and misses by it', async () => {
    const picture = medium('image/png', 'a picture of its own');
    for (let turn = 0; turn < 2; turn++) expect((await asked(model, about(picture))).error).toBeNull();
    const [sent] = partsSent();
    expect(sent).toMatchObject({ uuid: picture.media.sha256, image_url: { url: expect.stringMatching(/^data:/) } });
    const byId = (uuid: string) => ({
      model: 'm',
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: null, uuid }] }],
    });
    expect((await post(server, byId(picture.media.sha256))).status).toBe(200);
    expect((await post(server, byId('never-sent'))).status).toBe(400);
    expect(server.faults.splice(0)).toEqual(['a cache id nobody has sent media for']);
  });

  const vectors = (width: number, values = Array.from({ length: 2 * width }, (_, at) => at / 8)): ContentPart => ({
    kind: 'vectors',
    vectors: {
      ...{ part: 'part-1', rows: values.length / width, width, values: new Float32Array(values) },
      ...{ surrogate: 'a melody', sha256: '0'.repeat(64), component: null },
    },
  });
  const around = (part: ContentPart): AskRequest => ({
    messages: [
      { role: 'system', content: [{ kind: 'text', text: 'Before' }, part] },
      { role: 'user', content: [{ kind: 'text', text: 'What is ' }, part, { kind: 'text', text: '?' }] },
    ],
  });

  it('L9: vectors stand between words, in any message, as a file of torch.save in bfloat16', async () => {
    expect((await asked(model, around(vectors(VLLM_WIDTH)))).error).toBeNull();
    const { messages } = lastSeen(server).json() as { messages: { content: Record<string, string>[] }[] };
    expect(messages.map(({ content }) => content.map(({ type }) => type))).toEqual([
      ['text', 'prompt_embeds'],
      ['text', 'prompt_embeds', 'text'],
    ]);
    const sent = torchTensor(Buffer.from(messages[1]?.content[1]?.data ?? '', 'base64'));
    expect(sent).toEqual({
      dtype: 'BFloat16Storage',
      shape: [2, VLLM_WIDTH],
      values: Array.from({ length: 2 * VLLM_WIDTH }, (_, at) => at / 8),
    });
  });

  it.each([
    ['embeds-off', 'EMB_SERVER_FLAG_OFF'],
    ['embeds-unknown', 'EMB_SERVER_UNSUPPORTED'],
  ])('L9: a server that says no to vectors (%s) is told by its code', async (name, code) => {
    const got = await played(name, around(vectors(VLLM_WIDTH)));
    expect(got.error).toMatchObject({ code: 'ask.refused', details: { code }, hint: expect.stringContaining('vLLM') });
    expect(got.times).toBe(1);
  });

  it('L9: a wrong width is told by its code, and what is none or is not wanted is not sent', async () => {
    const wrong = await asked(model, around(vectors(VLLM_WIDTH + 1)));
    expect(wrong.error).toMatchObject({ code: 'ask.refused', details: { code: 'EMB_WIDTH' } });
    expect(server.faults.splice(0)).toHaveLength(1);
    const before = server.seen.length;
    const none = await asked(model, around(vectors(1, [1, Number.NaN])));
    expect(none.error).toMatchObject({ code: 'inject.bad-vectors', details: { code: 'EMB_NOT_FINITE' } });
    const denied = await languageModelFor('vllm:m', {
      capabilities: { embeddings: false },
      providers: { vllm: { baseUrl: `${server.origin}/v1`, apiKey: VLLM_TEST_KEY } },
    });
    expect((await asked(denied, around(vectors(VLLM_WIDTH)))).error?.code).toBe('ask.refused');
    expect(server.seen).toHaveLength(before);
  });

  it.each([
    ['L0: media fetch 500', 'media-unreachable', 'ask.upstream-failed'],
    ['L0: unknown part 501', 'unknown-part', 'ask.refused'],
  ])('%s is not tried again', async (_, name, code) => {
    const got = await played(name, about(medium('video/mp4')));
    expect(got.error?.code).toBe(code);
    expect(got.times).toBe(1);
  });

  it('L3: the flat error of older builds is understood', async () => {
    const got = await played('legacy-error');
    expect(got.error).toMatchObject({ code: 'ask.refused', message: expect.stringContaining('The prompt is wrong.') });
  });

  it.each([[[]], [['no-parameter']]])('L4: too many pictures are refused, with switches %j', async (switches) => {
    const strict = await startConformance(vllmConformance, { switches });
    const images = [1, 2, 3].map((part) => medium('image/png', `picture ${part}`, `part-${part}`));
    const got = await asked(await open(strict.origin), about(...images));
    expect(got.error).toMatchObject({ code: 'ask.refused', message: expect.stringContaining('At most 2 image(s)') });
    expect(strict.seen).toHaveLength(1);
    await strict.close();
  });

  it('L6: usage on every chunk counts once, as the last one has it', async () => {
    const got = await played('continuous-usage');
    expect(got.answer?.usage).toEqual({ inputTokens: 21, outputTokens: 9 });
    expect(got.answer?.finishReason).toBe('stop');
  });

  it('L8: a list of faults is told by place and message', async () => {
    const got = await played('invalid-list');
    expect(got.error).toMatchObject({
      code: 'ask.refused',
      message: expect.stringContaining('body.messages.0 Field required'),
    });
  });

  it('says that a model is not served', async () => {
    expect((await played('unknown-model')).error?.code).toBe('ask.unknown-model');
  });

  it('answers in one piece as in a stream', async () => {
    const [streamed, whole] = [await asked(model, HELLO), await asked(model, { ...HELLO, stream: false })];
    expect(whole.answer).toEqual(streamed.answer);
  });
});

function post(server: Running, body: object): Promise<Response> {
  const headers = { authorization: `Bearer ${VLLM_TEST_KEY}`, 'content-type': 'application/json' };
  return fetch(`${server.origin}/v1/chat/completions`, { method: 'POST', headers, body: JSON.stringify(body) });
}
