import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { capabilitiesOf, languageModelFor, listRemoteModels } from '#ask/index.ts';
import type { AskRequest, ContentPart } from '#contract/chat.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { mediaPart } from '../../src/ask/__fixtures__/media.ts';
import { ERNIE_TEST_KEY, ernieConformance } from '../../src/conformance/ernie/chat.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { asked, examineHttp, HELLO } from './http-exam.ts';
import { PATIENCE } from './patience.ts';

const MODEL = 'ernie:ernie-4.5-turbo-vl-32k';
const providersAt = (origin: string) => ({
  ernie: { baseUrl: `${origin}/v2`, apiKey: ERNIE_TEST_KEY, patience: PATIENCE },
});
const open = (origin: string, model = MODEL) => languageModelFor(model, { providers: providersAt(origin) });

examineHttp(ernieConformance, open, { secret: ERNIE_TEST_KEY });

/** A PNG's header, which is all that anybody looks at here. */
function png(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(33);
  bytes.write('\x89PNG\r\n\x1a\n', 0, 'latin1');
  bytes.write('IHDR', 12, 'latin1');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}
/** A JPEG up to its frame header, with a comment before it. */
function jpeg(width: number, height: number): Buffer {
  const frame = Buffer.alloc(8);
  frame.writeUInt16BE(17, 0);
  frame.writeUInt16BE(height, 3);
  frame.writeUInt16BE(width, 5);
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, 4, 1, 2, 0xff, 0xc0]), frame, Buffer.alloc(11)]);
}
const PICTURE: ContentPart = { kind: 'media', media: mediaPart('image', 'image/png', png(640, 480)) };
const VIDEO: ContentPart = { kind: 'media', media: mediaPart('video', 'video/mp4', Buffer.alloc(5_000, 7)) };
const about = (...content: ContentPart[]): AskRequest => ({
  messages: [{ role: 'user', content: [...content, { kind: 'text', text: '这是什么？' }] }],
});

describe('ernie: Qianfan’s own cases', () => {
  let server: Running;
  let model: LanguageModel;
  beforeAll(async () => {
    server = await startConformance(ernieConformance);
    model = await open(server.origin);
  });
  afterEach(() => {
    server.play('happy');
    expect(server.faults.splice(0)).toEqual([]);
  });
  afterAll(() => server.close());

  const play = (name: string, request = HELLO) => {
    server.play(name);
    return asked(model, request);
  };
  const sent = () => server.seen.at(-1)?.json() ?? {};

  it.each([true, false])(
    'E1: a flag and content_filter end as content-filter, with what had come (stream: %s)',
    async (stream) => {
      const { answer, error } = await play('flagged', { ...HELLO, stream });
      expect(error).toBeNull();
      expect(answer).toMatchObject({ finishReason: 'content-filter' });
      expect(answer?.text).toMatch(/^现在是/);
      expect(answer?.refusal).toBe('Qianfan’s safety check stopped the answer because of the newest message (flag 5).');
    },
  );

  it('E1: a flag is not forgotten when a “stop” comes after it', async () => {
    expect((await play('flagged-then-stop')).answer?.finishReason).toBe('content-filter');
  });

  it('E1: says which message the safety check minds, and that a new conversation is needed', async () => {
    const { answer } = await play('flagged-round');
    expect(answer?.finishReason).toBe('content-filter');
    expect(answer?.refusal).toBe(
      'Qianfan’s safety check stopped the answer because of message round 2 of the conversation (flag 3). A new conversation is needed.',
    );
  });

  it.each([true, false])('E2: finish_reason “normal” is a stop (stream: %s)', async (stream) => {
    const { answer } = await play('normal-end', { ...HELLO, stream });
    expect(answer).toMatchObject({ finishReason: 'stop', usage: { inputTokens: 12, outputTokens: 8 } });
    expect(answer?.refusal).toBeUndefined();
  });

  it.each(['rpm', 'tpm', 'input_tpm', 'output_tpm', 'preemptible', 'user', 'cluster_rpm'])(
    'E3: %s_rate_limit_exceeded is tried again, and then a rate limit',
    async (prefix) => {
      const before = server.seen.length;
      expect((await play(`${prefix}_rate_limit_exceeded`)).error?.code).toBe('ask.rate-limited');
      expect(server.seen.length - before).toBe(3);
    },
  );

  it('E4: invalid_iam_token, also of a short-lived token that is over, is a refused key and asked once', async () => {
    const before = server.seen.length;
    const { error } = await play('invalid_iam_token');
    expect(error).toMatchObject({ code: 'ask.key-refused', hint: expect.stringContaining('QIANFAN_API_KEY') });
    expect(server.seen.length - before).toBe(1);
  });

  it.each([
    ['image_url_unsafe', 'ask.refused'],
    ['user_setting_unsafe', 'ask.refused'],
    ['system_unsafe', 'ask.refused'],
    ['functions_unsafe', 'ask.refused'],
    ['invalid_image_url', 'ask.refused'],
    ['invalid_argument', 'ask.refused'],
    ['invalid_messages', 'ask.refused'],
    ['malformed_json', 'ask.refused'],
    ['method_not_supported', 'ask.refused'],
    ['invalid_model', 'ask.unknown-model'],
    ['characters_too_long', 'ask.too-long'],
    ['tokens_too_long', 'ask.too-long'],
    ['invalid_appid', 'ask.key-refused'],
    ['no_parameter_permission', 'ask.key-refused'],
  ])('E5: %s is %s, and not asked again', async (code, expected) => {
    const before = server.seen.length;
    expect((await play(code)).error?.code).toBe(expected);
    expect(server.seen.length - before).toBe(1);
  });

  it.each(['internal_error', 'dispatch_internal_error'])('%s is tried again', async (code) => {
    const before = server.seen.length;
    expect((await play(code)).error?.code).toBe('ask.upstream-failed');
    expect(server.seen.length - before).toBe(3);
  });

  it('hands over pictures and videos that arrive whole', async () => {
    const photo: ContentPart = {
      kind: 'media',
      media: mediaPart('image', 'image/jpeg', jpeg(1920, 1080)),
      detail: 'low',
    };
    const { text, error } = await asked(model, about(PICTURE, photo, VIDEO));
    expect(error).toBeNull();
    expect(text).toBe('我看到了：图片（640×480，33 字节）、图片（1920×1080，29 字节）、视频（5000 字节）。');
    expect(JSON.stringify(sent().messages)).toContain('"detail":"low"');
  });

  it('E6: fps goes into the videos, held to what Qianfan takes', async () => {
    const { losses } = await asked(model, { ...about(VIDEO), extra: { fps: 1 } });
    expect(losses).toEqual([]);
    expect(JSON.stringify(sent())).toContain('"fps":1}');
    expect(sent().fps).toBeUndefined();
    const fast = await asked(model, { ...about(VIDEO), extra: { fps: 30 } });
    expect(fast.losses).toMatchObject([{ kind: 'option-ignored', text: 'fps', action: 'Sent 5 instead.' }]);
    expect(JSON.stringify(sent())).toContain('"fps":5}');
    const noVideo = await asked(model, { ...HELLO, extra: { fps: 1 } });
    expect(noVideo.losses).toMatchObject([{ kind: 'option-ignored', text: 'fps' }]);
  });

  it('E6: a video with more frames than the model takes is refused in Qianfan’s words', async () => {
    const { error } = await play('over-limit', about(VIDEO));
    expect(error).toMatchObject({ code: 'ask.refused', message: expect.stringContaining('more frames') });
  });

  it('E7: an address of 1024 bytes is taken and one of 1025 is not; ours are never addresses', async () => {
    const post = (bytes: number) =>
      fetch(`${server.origin}/v2/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${ERNIE_TEST_KEY}` },
        body: JSON.stringify({
          model: 'ernie-4.5-turbo-vl',
          messages: [
            { role: 'user', content: [{ type: 'image_url', image_url: { url: 'http://x/'.padEnd(bytes, 'a') } }] },
          ],
        }),
      });
    expect((await post(1024)).status).toBe(200);
    const refused = await post(1025);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { code: 'invalid_image_url' } });
    expect(server.faults.splice(0)).toEqual(['an address of 1025 bytes']);
    await asked(model, about(PICTURE));
    expect(JSON.stringify(sent())).toContain('data:image/png;base64,');
  });

  it.each([
    [6_000, 100],
    [100, 4],
  ])('refuses a picture of %s×%s', async (width, height) => {
    const picture: ContentPart = { kind: 'media', media: mediaPart('image', 'image/png', png(width, height)) };
    expect((await asked(model, about(picture))).error?.code).toBe('ask.refused');
    expect(server.faults.splice(0)).toEqual([`a picture of ${width}×${height}`]);
  });

  it('sends temperature within (0, 1] and top_p within [0, 1], and says what it changed', async () => {
    const cold = await asked(model, { ...HELLO, temperature: 0, topP: 0.5 });
    expect(sent()).toMatchObject({ temperature: 0.01, top_p: 0.5 });
    expect(cold.losses).toEqual([]);
    const hot = await asked(model, { ...HELLO, temperature: 1.7 });
    expect(sent()).toMatchObject({ temperature: 1 });
    expect(hot.losses).toMatchObject([{ kind: 'option-ignored', text: 'temperature', action: 'Sent 1 instead.' }]);
    const mild = await asked(model, { ...HELLO, temperature: 0.7, maxTokens: 9 });
    expect(sent()).toMatchObject({ temperature: 0.7, max_completion_tokens: 9 });
    expect(mild.losses).toEqual([]);
  });

  it('leaves out what an ERNIE model has no field for, and says so', async () => {
    const { losses, error } = await asked(model, {
      ...HELLO,
      frequencyPenalty: 1,
      presencePenalty: 1,
      logprobs: { top: 2 },
    });
    expect(error).toBeNull();
    expect(losses.map(({ kind, text }) => [kind, text])).toEqual([
      ['option-ignored', 'frequencyPenalty'],
      ['option-ignored', 'presencePenalty'],
      ['option-ignored', 'logprobs'],
    ]);
  });

  it('has no place for sound and documents', () => {
    const of = (kind: 'audio' | 'document' | 'image', mimeType: string) =>
      model.accepts?.(mediaPart(kind, mimeType, Buffer.alloc(1)).media);
    expect(of('audio', 'audio/wav')).toBe(false);
    expect(of('document', 'application/pdf')).toBe(false);
    expect(of('image', 'image/png')).toBe(true);
  });

  it('sends the app id as a header where one is set', async () => {
    const providers = { ernie: { ...providersAt(server.origin).ernie, appId: 'app-1' } };
    await asked(await languageModelFor(MODEL, { providers }), HELLO);
    expect(server.seen.at(-1)?.headers.appid).toBe('app-1');
  });

  it('is heard to be unreachable for its list of models, unless it has one', async () => {
    expect(await listRemoteModels(providersAt(server.origin))).toEqual({ models: [], unreachable: ['ernie'] });
    const lists = await startConformance(ernieConformance, { switches: ['lists-models'] });
    const { models } = await listRemoteModels(providersAt(lists.origin));
    expect(models.map(({ id }) => id)).toEqual(['ernie:ernie-4.5-turbo-vl', 'ernie:ernie-x1.1-preview']);
    await lists.close();
  });
});

describe('ernie: what is known of its models', () => {
  const known = (model: string) => capabilitiesOf(`ernie:${model}`);

  it.each([
    ['ernie-4.5-turbo-vl', 128_000_000],
    ['ernie-4.5-turbo-vl-32k', 128_000_000],
    ['ernie-5.0-thinking-preview', 128_000_000],
    ['ernie-4.5-vl-28b-a3b', 64_000_000],
    ['ernie-5.0', 64_000_000],
    ['ernie-5.1', 64_000_000],
  ])('%s sees pictures and videos of up to %i bytes', (model, maxBytes) => {
    const { input, limits } = known(model);
    expect(input).toMatchObject({ image: true, video: true, audio: false, document: false });
    expect(limits).toEqual({
      image: { maxBytes: 10_000_000, minSidePx: 5, maxSidePx: 5_999 },
      video: { maxBytes },
    });
  });

  it('tells models that see pictures, read only, or are unknown', () => {
    expect(known('ernie-4.5-8k-preview').input).toMatchObject({ image: true, video: false });
    expect(known('qwen2.5-vl-32b-instruct').input).toMatchObject({ image: true, video: false });
    expect(known('ernie-4.5-turbo-128k').input).toMatchObject({ image: false, video: false });
    expect(known('ernie-x1.1-preview').input).toMatchObject({ image: false });
    expect(known('deepseek-v3').input).toMatchObject({ image: 'unknown' });
  });
});
