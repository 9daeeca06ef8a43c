import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { languageModelFor } from '#ask/index.ts';
import type { ChatMessage } from '#contract/chat.ts';
import { wavFile } from '#kit/pcm.ts';
import { mediaPart } from '../../src/ask/__fixtures__/media.ts';
import { listRemoteModels } from '../../src/ask/remote-models.ts';
import { OPENAI_TEST_KEY } from '../../src/conformance/openai/key.ts';
import { openAiConformance } from '../../src/conformance/openai/server.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { asked, HELLO } from './http-exam.ts';
import { PATIENCE } from './patience.ts';

let server: Running;
let sdk: OpenAI;
beforeAll(async () => {
  server = await startConformance(openAiConformance);
  sdk = new OpenAI({ baseURL: `${server.origin}/v1`, apiKey: OPENAI_TEST_KEY, maxRetries: 0 });
});
beforeEach(() => {
  server.play('happy');
  server.faults.length = 0;
});
afterAll(() => server.close());

const provider = () => ({ baseUrl: `${server.origin}/v1`, apiKey: OPENAI_TEST_KEY, patience: PATIENCE });
const open = () => languageModelFor('openai:gpt-4o-audio-preview', { providers: { openai: provider() } });
const post = async (path: string, body: unknown) => {
  const headers = { authorization: `Bearer ${OPENAI_TEST_KEY}`, 'content-type': 'application/json' };
  const reply = await fetch(`${server.origin}/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: reply.status, text: await reply.text() };
};
const WAV = wavFile(new Float32Array(16_000 * 1.5), 16_000);
const SAID = "现在是下午三点，it's 3 pm 🕒。";

describe('chat', () => {
  it.each([true, false])('X1: an answer in sound, words and sound in mixed order (stream %s)', async (stream) => {
    const { events, answer, error, losses } = await asked(await open(), { ...HELLO, speak: { voice: 'nova' }, stream });
    expect([error, losses, answer?.text, answer?.finishReason]).toEqual([null, [], SAID, 'stop']);
    const samples = events.reduce((sum, event) => sum + (event.kind === 'sound-delta' ? event.pcm.length : 0), 0);
    expect(samples).toBe([...SAID].length * 70 * 24);
    expect(server.faults).toEqual([]);
  });

  it('says what media it was sent, by their own bytes', async () => {
    const content = [
      { kind: 'text', text: 'What is this?' },
      { kind: 'media', media: mediaPart('audio', 'audio/wav', WAV) },
      { kind: 'media', media: mediaPart('image', 'image/png', Buffer.from('png')) },
      { kind: 'media', media: mediaPart('document', 'application/pdf', Buffer.from('%PDF')) },
    ] as const;
    const messages: ChatMessage[] = [{ role: 'user', content }];
    const { text } = await asked(await open(), { messages });
    expect(text).toBe(`${SAID} I was sent a sound of 1.50 s, an image, a file.`);
    expect(server.faults).toEqual([]);
  });

  const good = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
  const part = (part: object, role = 'user') => ({ messages: [{ role, content: [part] }] });
  const audio = (format: string) => ({ modalities: ['text', 'audio'], audio: { voice: 'alloy', format } });
  const base64 = WAV.toString('base64');

  it.each<[string, object]>([
    ['audio.format', { ...audio('mp3'), stream: true }],
    ['audio', { modalities: ['audio'] }],
    ['audio', { audio: { voice: 'alloy', format: 'wav' } }],
    ['temperature', { temperature: 2.5 }],
    ['top_p', { top_p: -1 }],
    ['n', { n: 0 }],
    ['stop', { stop: ['1', '2', '3', '4', '5'] }],
    ['top_logprobs', { top_logprobs: 3 }],
    ['stream_options', { stream_options: { include_usage: true } }],
    ['tool_choice', { tool_choice: 'auto' }],
    ['max_tokens', { max_tokens: 1, max_completion_tokens: 1 }],
    ['foo', { foo: 1 }],
    ['response_format', { response_format: { type: 'json_schema' } }],
    ['tools', { tools: [{ type: 'function', function: { name: 'bad name' } }] }],
    ['messages', { messages: [] }],
    ['messages[0].role', { messages: [{ role: 'robot', content: 'hi' }] }],
    ['messages[0].tool_call_id', { messages: [{ role: 'tool', content: 'hi' }] }],
    ['messages[0].content', { messages: [{ role: 'user', content: null }] }],
    ['messages[0].content[0].type', part({ type: 'video_url', video_url: { url: 'https://x/v.mp4' } })],
    ['messages[0].content[0].type', part({ type: 'image_url', image_url: { url: 'https://x/p.png' } }, 'system')],
    [
      'messages[0].content[0].image_url.url',
      part({ type: 'image_url', image_url: { url: 'data:image/png;base64,a' } }),
    ],
    ['messages[0].content[0].image_url', part({ type: 'image_url', image_url: 'https://x/p.png' })],
    [
      'messages[0].content[0].input_audio.format',
      part({ type: 'input_audio', input_audio: { data: base64, format: 'ogg' } }),
    ],
    [
      'messages[0].content[0].input_audio.data',
      part({ type: 'input_audio', input_audio: { data: base64, format: 'mp3' } }),
    ],
    [
      'messages[0].content[0].input_audio.data',
      part({ type: 'input_audio', input_audio: { data: `data:,${base64}`, format: 'wav' } }),
    ],
    ['messages[0].content[0].file.file_data', part({ type: 'file', file: { filename: 'a', file_data: 'JVBERg==' } })],
  ])('refuses a slip in %s', async (param, slip) => {
    const { status, text } = await post('chat/completions', { ...good, ...slip });
    expect([status, JSON.parse(text).error.param]).toEqual([400, param]);
    expect(server.faults).toHaveLength(1);
  });

  it('X6, X7: who spent everything, or is told never to come back, asks once', async () => {
    for (const [play, code] of [
      ['quota-spent', 'ask.quota-spent'],
      ['never-retry', 'ask.upstream-failed'],
    ] as const) {
      const before = server.seen.length;
      server.play(play);
      expect((await asked(await open(), HELLO)).error?.code).toBe(code);
      expect(server.seen.length - before).toBe(1);
    }
  });
});

describe('transcriptions, asked by OpenAI’s own client (X2)', () => {
  const file = () => toFile(WAV, 'a.wav', { type: 'audio/wav' });
  const text = 'I heard 1.50 seconds of sound.';

  it('gives every format', async () => {
    const ask = async (more: object) =>
      (await sdk.audio.transcriptions.create({ file: await file(), model: 'whisper-1', ...more } as never)) as unknown;
    expect(await ask({})).toMatchObject({ text, usage: { type: 'duration', seconds: 2 } });
    expect(await ask({ response_format: 'text' })).toBe(`${text}\n`);
    expect(await ask({ response_format: 'srt' })).toBe(`1\n00:00:00,000 --> 00:00:01,500\n${text}\n\n`);
    expect(await ask({ response_format: 'vtt' })).toBe(`WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n${text}\n\n`);
    const words = { response_format: 'verbose_json', timestamp_granularities: ['word'] };
    expect(await ask(words)).toMatchObject({
      duration: 1.5,
      words: [{ word: 'I', start: 0, end: 0.25 }, {}, {}, {}, {}, {}],
    });
    const diarized = { model: 'gpt-4o-transcribe-diarize', response_format: 'diarized_json' };
    expect(await ask(diarized)).toMatchObject({
      segments: [{ id: 'seg_001', speaker: 'A', text }],
      usage: { type: 'tokens' },
    });
    const measured = { model: 'gpt-4o-mini-transcribe', include: ['logprobs'] };
    expect(await ask(measured)).toMatchObject({
      text,
      logprobs: expect.arrayContaining([{ token: ' heard', logprob: -0.02, bytes: expect.anything() }]),
    });
    expect(server.faults).toEqual([]);
  });

  it.each(['gpt-4o-mini-transcribe', 'gpt-4o-transcribe-diarize'])('streams with %s', async (model) => {
    const stream = await sdk.audio.transcriptions.create({ file: await file(), model, stream: true });
    const types: string[] = [];
    let told = '';
    for await (const event of stream) {
      types.push(event.type);
      if (event.type === 'transcript.text.delta') told += event.delta;
    }
    expect(told).toBe(text);
    expect(types.at(-1)).toBe('transcript.text.done');
    expect(types.includes('transcript.text.segment')).toBe(/diarize/.test(model));
  });

  it.each<[string, object]>([
    ['include', { model: 'whisper-1', include: ['logprobs'] }],
    ['response_format', { model: 'gpt-4o-transcribe', response_format: 'srt' }],
    ['timestamp_granularities', { model: 'whisper-1', timestamp_granularities: ['word'] }],
    ['prompt', { model: 'gpt-4o-transcribe-diarize', prompt: 'x' }],
    ['language', { model: 'whisper-1', language: 'english' }],
    ['temperature', { model: 'whisper-1', temperature: 3 }],
    ['known_speaker_names', { model: 'gpt-4o-transcribe-diarize', known_speaker_names: ['Ann'] }],
  ])('refuses a slip in %s', async (param, slip) => {
    const asking = sdk.audio.transcriptions.create({ file: await file(), ...slip } as never);
    await expect(asking).rejects.toMatchObject({ status: 400, param });
  });

  it('refuses a form that is none, a file that is text, and half a minute that nobody may cut', async () => {
    const headers = { authorization: `Bearer ${OPENAI_TEST_KEY}` };
    const form = new FormData();
    form.append('file', 'text');
    form.append('model', 'whisper-1');
    const url = `${server.origin}/v1/audio/transcriptions`;
    expect((await fetch(url, { method: 'POST', headers, body: form })).status).toBe(422);
    expect((await fetch(url, { method: 'POST', headers, body: 'x' })).status).toBe(400);
    const long = await toFile(wavFile(new Float32Array(8_000 * 31), 8_000), 'a.wav', { type: 'audio/wav' });
    const asking = sdk.audio.transcriptions.create({ file: long, model: 'gpt-4o-transcribe-diarize' });
    await expect(asking).rejects.toMatchObject({ status: 400, param: 'chunking_strategy' });
  });
});

describe('speech, asked by OpenAI’s own client (X3)', () => {
  const speech = { model: 'gpt-4o-mini-tts', voice: 'alloy', input: 'Good morning' };

  it('gives bytes in each format, longer for more text', async () => {
    const sizes: number[] = [];
    for (const [format, begins] of [
      ['mp3', 'ID3'],
      ['opus', 'OggS'],
      ['flac', 'fLaC'],
      ['wav', 'RIFF'],
      ['pcm', ''],
    ] as const) {
      const bytes = Buffer.from(
        await (await sdk.audio.speech.create({ ...speech, response_format: format })).arrayBuffer(),
      );
      expect(bytes.toString('latin1', 0, begins.length)).toBe(begins);
      sizes.push(bytes.length);
    }
    expect(sizes.at(-1)).toBe(speech.input.length * 70 * 24 * 2);
  });

  it('gives events, which hold the same sound', async () => {
    const reply = await sdk.audio.speech.create({ ...speech, response_format: 'pcm', stream_format: 'sse' });
    const lines = (await reply.text())
      .split('\n\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line.slice(6)));
    expect(lines.at(-1)).toMatchObject({ type: 'speech.audio.done', usage: { total_tokens: 33 } });
    const sound = Buffer.from(lines.map(({ audio = '' }) => audio).join(''), 'base64');
    expect(sound).toHaveLength(speech.input.length * 70 * 24 * 2);
  });

  it.each<[string, object]>([
    ['input', { input: 'a'.repeat(4_097) }],
    ['input', { input: ' ' }],
    ['speed', { speed: 5 }],
    ['voice', { voice: undefined }],
    ['response_format', { response_format: 'midi' }],
    ['stream_format', { model: 'tts-1', stream_format: 'sse' }],
    ['instructions', { model: 'tts-1', instructions: 'whisper' }],
  ])('refuses a slip in %s', async (param, slip) => {
    await expect(sdk.audio.speech.create({ ...speech, ...slip } as never)).rejects.toMatchObject({
      status: 400,
      param,
    });
  });
});

describe('embeddings and models', () => {
  it('X4: a vector is the same in base64 as in numbers', async () => {
    const request = { model: 'text-embedding-3-small', input: ['one', 'two'], dimensions: 4 };
    // The client asks for base64 unless told otherwise, and decodes it.
    const decoded = await sdk.embeddings.create(request);
    expect(server.seen.at(-1)?.json()).toMatchObject({ encoding_format: 'base64' });
    const plain = await sdk.embeddings.create({ ...request, encoding_format: 'float' });
    expect(decoded.data).toHaveLength(2);
    for (const [at, { embedding }] of decoded.data.entries()) {
      expect(embedding).toHaveLength(4);
      for (const [place, value] of embedding.entries())
        expect(value).toBeCloseTo(plain.data[at]?.embedding[place] ?? 9, 6);
      expect(Math.hypot(...embedding)).toBeCloseTo(1, 6);
    }
    expect(decoded.data[0]?.embedding).not.toEqual(decoded.data[1]?.embedding);
    for (const slip of [{ input: '' }, { input: [] }, { dimensions: 0 }, { encoding_format: 'hex' }]) {
      expect((await post('embeddings', { ...request, ...slip })).status).toBe(400);
    }
  });

  it('lists its models, and knows no others', async () => {
    const { models } = await listRemoteModels({ openai: provider() });
    expect(models.map(({ id }) => id)).toContain('openai:gpt-4o-mini-transcribe');
    expect(await sdk.models.retrieve('whisper-1')).toMatchObject({ id: 'whisper-1', object: 'model' });
    await expect(sdk.models.retrieve('gpt-9')).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
  });
});
