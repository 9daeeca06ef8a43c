import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { capabilitiesOf, languageModelFor } from '#ask/index.ts';
import type { AskRequest, ContentPart } from '#contract/chat.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { wavFile } from '#kit/pcm.ts';
import { glmToken } from '#upstream/glm.ts';
import { mediaPart } from '../../src/ask/__fixtures__/media.ts';
import { SPOKEN_MS } from '../../src/conformance/glm/chat.ts';
import { GLM_TEST_KEY } from '../../src/conformance/glm/key.ts';
import { glmConformance } from '../../src/conformance/glm/server.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { type Asked, asked, HELLO } from './http-exam.ts';
import { PATIENCE } from './patience.ts';

const [ID = '', SECRET = ''] = GLM_TEST_KEY.split('.');
const BASE = '/api/paas/v4';

let server: Running;
beforeAll(async () => {
  server = await startConformance(glmConformance);
});
afterEach(() => {
  server.play('happy');
  expect(server.faults.splice(0)).toEqual([]);
});
afterAll(() => server.close());

function model(name: string, at: Running = server, apiKey = GLM_TEST_KEY, dialect?: string): Promise<LanguageModel> {
  const provider = { baseUrl: `${at.origin}${BASE}`, apiKey, dialect, patience: PATIENCE };
  return languageModelFor(`glm:${name}`, { providers: { glm: provider } });
}

async function ask(name: string, request: AskRequest, play = 'happy', at: Running = server): Promise<Asked> {
  at.play(play);
  return asked(await model(name, at), request);
}

/** With other facts than the documented ones. */
async function withSwitch<T>(name: string, use: (at: Running) => Promise<T>): Promise<T> {
  const other = await startConformance(glmConformance, { switches: [name] });
  try {
    return await use(other);
  } finally {
    await other.close();
  }
}

function post(body: object, authorization = `Bearer ${GLM_TEST_KEY}`): Promise<Response> {
  return fetch(`${server.origin}${BASE}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify(body),
  });
}

/** What the server says against a request, by its code; `null` when it takes it. */
async function codeFor(response: Promise<Response>): Promise<string | null> {
  const body = (await (await response).json()) as { error?: { code: string } };
  server.faults.splice(0);
  return body.error?.code ?? null;
}

function png(widthPx: number, heightPx: number): Buffer {
  const bytes = Buffer.alloc(33);
  bytes.write('\x89PNG\r\n\x1a\n', 0, 'latin1');
  bytes.writeUInt32BE(widthPx, 16);
  bytes.writeUInt32BE(heightPx, 20);
  return bytes;
}
const MP4 = Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1');
const RECORDING = wavFile(
  Float32Array.from({ length: 36_800 }, (_, at) => Math.sin(at / 10) / 4),
  16_000,
);

const about = (words: string, ...media: ContentPart[]): AskRequest => ({
  messages: [{ role: 'user', content: [...media, { kind: 'text', text: words }] }],
});
const image = (bytes = png(640, 480), detail?: string): ContentPart => ({
  kind: 'media',
  media: mediaPart('image', 'image/png', bytes),
  detail,
});
const sound = (bytes = RECORDING): ContentPart => ({ kind: 'media', media: mediaPart('audio', 'audio/wav', bytes) });
const video: ContentPart = { kind: 'media', media: mediaPart('video', 'video/mp4', MP4) };
const lost = ({ losses }: Asked) => losses.map(({ text }) => text);

describe('G1: keys and tokens', () => {
  it('is opened by the key as it is, and by a token in its place', async () => {
    expect((await asked(await model('glm-4.6'), HELLO)).answer?.finishReason).toBe('stop');
    expect(server.seen.at(-1)?.headers.authorization).toBe(`Bearer ${GLM_TEST_KEY}`);
    const signing = await model('glm-4.6', server, GLM_TEST_KEY, 'glm-jwt');
    expect((await asked(signing, HELLO)).answer?.finishReason).toBe('stop');
    expect(server.seen.at(-1)?.headers.authorization).not.toContain(SECRET);
  });

  it('the server refuses expired tokens, times in seconds, another secret and no key at all', async () => {
    const with_ = (token: string) =>
      codeFor(post({ model: 'glm-4.6', messages: [{ role: 'user', content: 'x' }] }, token));
    expect(await with_(`Bearer ${glmToken(ID, SECRET, Date.now())}`)).toBeNull();
    expect(await with_(`Bearer ${glmToken(ID, SECRET, Date.now() - 300_000)}`)).toBe('1003');
    expect(await with_(`Bearer ${glmToken(ID, SECRET, Math.floor(Date.now() / 1000))}`)).toBe('1003');
    expect(await with_(`Bearer ${glmToken(ID, 'another', Date.now())}`)).toBe('1000');
    expect(await with_(`Bearer ${glmToken('another', SECRET, Date.now())}`)).toBe('1000');
    expect(await with_(ID)).toBe('1000');
  });

  it.each([
    ['glm', 'another.key'],
    ['glm-jwt', `${ID}.another`],
  ])('%s with a wrong key is ask.key-refused, asked once', async (dialect, key) => {
    const before = server.seen.length;
    const got = await asked(await model('glm-4.6', server, key, dialect), HELLO);
    expect(got.error?.code).toBe('ask.key-refused');
    expect(server.seen.length - before).toBe(1);
    expect(server.faults.splice(0)).toHaveLength(1);
  });

  it('a key that cannot sign is refused before anything is sent', async () => {
    await expect(model('glm-4.6', server, 'onepart', 'glm-jwt')).rejects.toMatchObject({ code: 'ask.key-refused' });
  });
});

describe.each([{ stream: true }, { stream: false }])('endings, %j', ({ stream }) => {
  it('G2: sensitive is a content filter, and G3: what the filter says stands as the refusal', async () => {
    const got = await ask('glm-4.6', { ...HELLO, stream }, 'sensitive');
    expect(got.answer?.finishReason).toBe('content-filter');
    expect(got.answer?.refusal).toContain('the question (level 0;');
  });

  it('G2: network_error is a failure, with what came before it', async () => {
    const got = await ask('glm-4.6', { ...HELLO, stream }, 'network-error');
    expect(got.error).toMatchObject({ code: 'ask.upstream-failed' });
    if (stream) expect(got.text).toBe('现在是');
  });

  it('G2: model_context_window_exceeded is a length', async () => {
    expect((await ask('glm-4.6', { ...HELLO, stream }, 'context-exceeded')).answer?.finishReason).toBe('length');
  });

  it('G3: levels of the filter beside a good answer change nothing', async () => {
    const got = await ask('glm-4.6', { ...HELLO, stream }, 'filter-levels');
    expect(got.answer).toMatchObject({ finishReason: 'stop', text: expect.stringContaining('🕒') });
    expect(got.answer?.refusal).toBeUndefined();
  });

  it('G4: the model’s own sound comes whole, its usage counts the sound it heard', async () => {
    const request = { ...about('你听到了什么？', sound()), speak: { voice: null }, stream };
    const got = await ask('glm-4-voice', request);
    expect(got.error).toBeNull();
    expect(got.text).toBe('我收到了一段2.3秒的录音。');
    expect(soundMs(got)).toBeCloseTo(SPOKEN_MS, 6);
    expect(got.answer?.usage?.inputTokens).toBe(12 + Math.ceil(2.3 * 12.5));
    expect(got.losses).toEqual([]);
  });

  it('G5: thoughts and marks are no part of the answer', async () => {
    const got = await ask('glm-4.5v', { ...HELLO, stream }, 'tagged');
    expect(got.answer).toMatchObject({ text: '三个人。', reasoning: '先数一数。' });
    expect(got.text).toBe('三个人。');
  });
});

function soundMs({ events }: Asked): number {
  return events.reduce(
    (sum, event) => sum + (event.kind === 'sound-delta' ? (event.pcm.length / event.sampleRateHz) * 1000 : 0),
    0,
  );
}

describe('G4: facts about sound that nobody has verified', () => {
  it.each([
    ['sound-at-44100', 44_100],
    ['sound-without-header', 24_000],
  ])('%s', async (name, rateHz) => {
    const got = await withSwitch(name, (at) => ask('glm-4-voice', HELLO, 'happy', at));
    expect(got.events.find(({ kind }) => kind === 'sound-delta')).toMatchObject({ sampleRateHz: rateHz });
    expect(soundMs(got)).toBeCloseTo(SPOKEN_MS, 6);
  });

  it('H9: broken sound is told, and the words stay', async () => {
    const got = await ask('glm-4-voice', HELLO, 'broken-sound');
    expect(got.answer?.finishReason).toBe('stop');
    expect(got.losses.map(({ kind }) => kind)).toContain('truncated');
    expect(soundMs(got)).toBeLessThan(SPOKEN_MS);
  });
});

describe('G6 to G8: media', () => {
  it('G6: a picture goes as bare base64 without detail, which is told', async () => {
    const got = await ask('glm-4.6v', about('这是什么？', image(png(640, 480), 'high')));
    expect(got.text).toBe('我收到了一张640×480的图片。');
    expect(lost(got)).toEqual(['detail']);
    expect(lost(await ask('glm-4.6v', about('这是什么？', image(png(640, 480), 'auto'))))).toEqual([]);
  });

  it('G6: a data URL is refused by the server, or taken where it is known to be', async () => {
    const url = `data:image/png;base64,${png(8, 8).toString('base64')}`;
    const body = {
      model: 'glm-4.6v',
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
    };
    expect(await codeFor(post(body))).toBe('1210');
    await withSwitch('data-urls', async (at) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${GLM_TEST_KEY}` };
      const reply = await fetch(`${at.origin}${BASE}/chat/completions`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      expect(reply.status).toBe(200);
    });
  });

  it('a video goes as base64; a server that only takes addresses refuses it', async () => {
    const request = about('发生了什么？', video);
    expect((await ask('glm-4.6v', request)).text).toBe(`我收到了一段${MP4.length}字节的视频。`);
    const got = await withSwitch('videos-by-address', (at) => ask('glm-4.6v', request, 'happy', at));
    expect(got.error?.code).toBe('ask.refused');
  });

  it('a document, a GIF, and any picture for glm-4v-flash have no place', async () => {
    const accepts = async (name: string, kind: 'document' | 'image', type: string) =>
      (await model(name)).accepts?.(mediaPart(kind, type, MP4).media);
    expect(await accepts('glm-4.6v', 'image', 'image/png')).toBe(true);
    expect(await accepts('glm-4.6v', 'document', 'application/pdf')).toBe(false);
    expect(await accepts('glm-4.6v', 'image', 'image/gif')).toBe(false);
    expect(await accepts('glm-4v-flash', 'image', 'image/png')).toBe(false);
    const pdf: ContentPart = { kind: 'media', media: mediaPart('document', 'application/pdf', MP4) };
    expect((await ask('glm-4.6v', about('这是什么？', pdf))).error?.code).toBe('ask.refused');
  });

  const part = (...content: object[]) => ({ model: 'glm-4.6v', messages: [{ role: 'user', content }] });
  const url = png(8, 8).toString('base64');
  const words = { type: 'text', text: '这是什么？' };
  const heard = (data: string, format = 'wav') => ({
    ...part({ type: 'input_audio', input_audio: { data, format } }, words),
    model: 'glm-4-voice',
  });
  it.each([
    ['a picture', null, part({ type: 'image_url', image_url: { url } }, words)],
    ['G7: a key too many in image_url', '1214', part({ type: 'image_url', image_url: { url, detail: 'high' } })],
    ['G7: a key too many in the part', '1214', part({ ...words, cache: true })],
    [
      'a picture that is too large',
      '1210',
      part({ type: 'image_url', image_url: { url: png(6001, 8).toString('base64') } }),
    ],
    ['51 pictures', '1210', part(...Array.from({ length: 51 }, () => ({ type: 'image_url', image_url: { url } })))],
    ['base64 for glm-4v-flash', '1210', { ...part({ type: 'image_url', image_url: { url } }), model: 'glm-4v-flash' }],
    ['a file', null, part({ type: 'file_url', file_url: { url: 'https://example.com/a.pdf' } }, words)],
    ['a file that is no address', '1210', part({ type: 'file_url', file_url: { url } }, words)],
    [
      'G8: a file beside a picture',
      '1210',
      part(
        { type: 'file_url', file_url: { url: 'https://example.com/a.pdf' } },
        { type: 'image_url', image_url: { url } },
      ),
    ],
    ['sound', null, heard(RECORDING.toString('base64'))],
    ['sound that is shorter than its header says', '1210', heard(RECORDING.subarray(0, -100).toString('base64'))],
    ['sound of another format', '1210', heard(RECORDING.toString('base64'), 'mp3')],
    ['hardly any sound', '1210', heard(wavFile(new Float32Array(3_000), 16_000).toString('base64'))],
    ['sound for a model that sees', '1210', { ...heard(RECORDING.toString('base64')), model: 'glm-4.6v' }],
    ['a model that is none', '1211', { model: 'gpt-5', messages: [{ role: 'user', content: 'x' }] }],
    ['OpenAI’s seed', '1210', { model: 'glm-4.6', messages: [{ role: 'user', content: 'x' }], seed: 1 }],
  ])('the server judges %s: %s', async (_, code, body) => {
    expect(await codeFor(post(body))).toBe(code);
  });

  it('G7: under the other code it is refused as well', async () => {
    const got = await withSwitch('parts-1210', async (at) => {
      const raw = { type: 'text', text: 'x', cache: true };
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${GLM_TEST_KEY}` };
      const init = { method: 'POST', headers, body: JSON.stringify(part(raw)) };
      return (await fetch(`${at.origin}${BASE}/chat/completions`, init)).json();
    });
    expect(got).toMatchObject({ error: { code: '1210' } });
  });
});

describe('what is known of the models', () => {
  it.each([
    ['glm-5.2', { input: { image: false, audio: false }, output: { audio: false } }],
    ['glm-4-flash-250414', { input: { image: false, audio: false } }],
    ['glm-4.5-air', { input: { image: false } }],
    ['glm-5v-turbo', { input: { image: true, video: true, document: true }, rules: { documentsBesideMedia: false } }],
    ['glm-4.6v-flashx', { limits: { image: { maxCount: 50, maxSidePx: 6000 }, document: { addressOnly: true } } }],
    ['glm-4.1v-thinking-flash', { input: { image: true, video: true, document: false } }],
    ['glm-4v-flash', { limits: { image: { maxCount: 1, addressOnly: true } } }],
    ['glm-4v-plus-0111', { limits: { image: { maxCount: 5 }, video: { maxDurationMs: 30_000 } } }],
    ['glm-4-voice', { input: { audio: true, image: false }, output: { audio: true }, contextTokens: 8192 }],
    ['embedding-3', { embeddings: false, output: { text: false } }],
    ['glm-6', { input: { image: 'unknown', audio: 'unknown' } }],
    ['glm-asr-2512', { input: { audio: 'unknown' } }],
  ])('%s', (name, known) => {
    expect(capabilitiesOf(`glm:${name}`)).toMatchObject(known);
  });
});

describe('options', () => {
  it('leaves out what Zhipu’s API does not have, and says so', async () => {
    const got = await ask('glm-4.6', {
      ...HELLO,
      seed: 7,
      frequencyPenalty: 0.5,
      presencePenalty: 0.5,
      logprobs: { top: 2 },
      tools: [{ name: 'sing', parameters: { type: 'object' } }],
      toolChoice: 'required',
      responseFormat: { kind: 'json-schema', name: 'song', schema: { type: 'object' } },
      speak: { voice: 'alloy' },
      extra: { parallel_tool_calls: false, thinking: { type: 'disabled' } },
    });
    expect(got.error).toBeNull();
    expect(lost(got).sort()).toEqual([
      'frequencyPenalty',
      'logprobs',
      'parallel_tool_calls',
      'presencePenalty',
      'responseFormat',
      'seed',
      'toolChoice',
      'voice',
    ]);
    expect(server.seen.at(-1)?.json()).toMatchObject({ thinking: { type: 'disabled' }, tools: [{}] });
  });

  it('sends the nearest value of what has other limits there, and says so', async () => {
    const got = await ask('glm-4-voice', { ...HELLO, temperature: 1.5, topP: 0, maxTokens: 9_000, stop: ['甲', '乙'] });
    expect(lost(got).sort()).toEqual(['maxTokens', 'stop', 'temperature', 'topP']);
    expect(server.seen.at(-1)?.json()).toMatchObject({ temperature: 1, top_p: 0.01, max_tokens: 4096, stop: ['甲'] });
  });

  it('changes nothing of what it takes', async () => {
    const tools = [{ name: 'sing', parameters: { type: 'object' } }];
    const request = { ...HELLO, temperature: 0.7, topP: 0.9, maxTokens: 9_000, stop: ['甲'], tools } as const;
    const got = await ask('glm-4.6', { ...request, toolChoice: 'auto', responseFormat: { kind: 'json' } });
    expect(got.losses).toEqual([]);
    expect(server.seen.at(-1)?.json()).toMatchObject({
      temperature: 0.7,
      top_p: 0.9,
      max_tokens: 9_000,
      stop: ['甲'],
      response_format: { type: 'json_object' },
    });
    expect((await ask('glm-4.6', { ...request, toolChoice: 'none', responseFormat: { kind: 'text' } })).losses).toEqual(
      [],
    );
    // Nothing can be called that is not there.
    expect(server.seen.at(-1)?.json()).not.toHaveProperty('tools');
  });

  it('models with eyes have no formats, the one with a voice has no functions', async () => {
    const request: AskRequest = { ...HELLO, responseFormat: { kind: 'json' }, tools: [{ name: 'sing' }] };
    expect(lost(await ask('glm-4.6v', request))).toEqual(['responseFormat']);
    expect(lost(await ask('glm-4-voice', request)).sort()).toEqual(['responseFormat', 'tools']);
  });

  it('reads a call of a function in pieces', async () => {
    const got = await ask('glm-4.6', { ...HELLO, tools: [{ name: 'sing' }] }, 'called-tool');
    expect(got.answer).toMatchObject({
      finishReason: 'tool-calls',
      toolCalls: [{ id: 'call_1', name: 'sing', arguments: '{"song":"月"}' }],
    });
  });
});

describe('G11 and the table of errors', () => {
  it.each([
    ['1000', 'ask.key-refused', 1],
    ['1003', 'ask.key-refused', 1],
    ['1113', 'ask.quota-spent', 1],
    ['1210', 'ask.refused', 1],
    ['1211', 'ask.unknown-model', 1],
    ['1220', 'ask.key-refused', 1],
    ['1234', 'ask.upstream-failed', 3],
    ['1261', 'ask.too-long', 1],
    ['1301', 'ask.refused', 1],
    ['1302', 'ask.rate-limited', 3],
    ['1305', 'ask.rate-limited', 3],
    ['1308', 'ask.quota-spent', 1],
  ])('%s is %s, asked %i times', async (code, kind, times) => {
    const before = server.seen.length;
    expect((await ask('glm-4.6', HELLO, `refused-${code}`)).error?.code).toBe(kind);
    expect(server.seen.length - before).toBe(times);
  });

  it('an error in an event of that name breaks the answer off', async () => {
    const got = await ask('glm-4.6', HELLO, 'error-event');
    expect(got).toMatchObject({ text: '现在是', error: { code: 'ask.upstream-failed' } });
  });
});
