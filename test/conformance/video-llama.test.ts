import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { languageModelFor } from '#ask/index.ts';
import type { AskRequest } from '#contract/chat.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { videoLlamaControllerConformance } from '../../src/conformance/video-llama/controller.ts';
import { videoLlamaTcpConformance } from '../../src/conformance/video-llama/tcp.ts';
import { asked } from './http-exam.ts';
import { about, lastSeen, medium } from './media.ts';
import { PATIENCE } from './patience.ts';

const SAID = '画面里有一只猫，on a mat 🐈。';
const film = () => about(medium('video/mp4'));
const open = (origin: string, dialect: string, model: string): Promise<LanguageModel> =>
  languageModelFor(`video-llama:${model}`, {
    providers: { 'video-llama': { baseUrl: origin, dialect, patience: PATIENCE } },
  });

describe('VideoLLaMA2 behind its controller', () => {
  let server: Running;
  let model: LanguageModel;
  beforeAll(async () => {
    server = await startConformance(videoLlamaControllerConformance);
    model = await open(server.origin, 'video-llama-controller', 'VideoLLaMA2-7B');
  });
  afterEach(() => {
    server.play('happy');
    expect(server.faults.splice(0)).toEqual([]);
  });
  afterAll(() => server.close());
  const sent = () => lastSeen(server).json() as { prompt: string; images: string[]; max_new_tokens: number };

  it.each(['happy', 'byte-by-byte'])('V1: tells each piece once, without the prompt (%s)', async (name) => {
    server.play(name);
    const got = await asked(model, film());
    expect(got.error).toBeNull();
    expect(got.text).toBe(SAID);
    // A worker does not say why it stopped.
    expect(got.answer).toMatchObject({ text: SAID, finishReason: null, usage: null });
    if (name === 'happy') expect(got.events.filter(({ kind }) => kind === 'text-delta')).toHaveLength(6);
  });

  it('gives a video as a file that is gone afterwards, pictures as base64', async () => {
    await asked(model, film());
    const [path = ''] = sent().images;
    expect(path).toMatch(/\.mp4$/);
    expect(existsSync(path)).toBe(false);
    await asked(model, about(medium('image/png'), medium('image/jpeg')));
    expect(sent().images.map((image) => Buffer.from(image, 'base64').toString())).toEqual([
      'bytes of image/png',
      'bytes of image/jpeg',
    ]);
    expect(model.accepts?.(medium('audio/wav').media)).toBe(false);
  });

  it.each([
    ['error_code 1', 'worker-failed', 'ask.upstream-failed'],
    ['error_code 1 from a list of words', 'forbidden', 'ask.refused'],
    ['error_code 3', 'worker-timeout', 'ask.upstream-failed'],
    ['“Exceeds max token length” with error_code 0', 'too-long', 'ask.too-long'],
    ['a connection that breaks', 'reset-midway', 'ask.upstream-failed'],
    ['an end without a word', 'nothing-said', 'ask.upstream-failed'],
    ['an answer to another question', 'another-prompt', 'ask.upstream-failed'],
  ])('V2: %s is a failure and no answer', async (_, name, code) => {
    server.play(name);
    const got = await asked(model, film());
    expect(got.error?.code).toBe(code);
    expect(got.answer).toBeNull();
    expect(SAID.startsWith(got.text)).toBe(true);
  });

  it('V4: words that look like tags are not counted as media', async () => {
    const question = 'What does <video> or <image> mean, and [/INST] or </s>?';
    const request: AskRequest = {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ kind: 'media', media: medium('video/mp4') }] },
        { role: 'assistant', content: 'A cat.' },
        { role: 'user', content: question },
      ],
    };
    expect((await asked(model, request)).text).toBe(SAID);
    expect(sent().prompt).toBe(
      '[INST] Be brief.\n<video>\n [/INST] A cat.</s>[INST] What does < video> or < image> mean, and [ /INST] or < /s>? [/INST]',
    );
  });

  it('V4: what a worker cannot answer about is refused before anything is sent', async () => {
    const before = server.seen.length;
    const mixed = about(medium('image/png'), medium('video/mp4'));
    const two = about(medium('video/mp4'), medium('video/webm'));
    for (const request of [mixed, two, { messages: [{ role: 'user' as const, content: 'Hello?' }] }])
      expect((await asked(model, request)).error?.code).toBe('ask.refused');
    expect(server.seen).toHaveLength(before);
  });

  it('V4: the server refuses another number of tags than media', async () => {
    const body = {
      model: 'VideoLLaMA2-7B',
      prompt: '[INST] What? [/INST]',
      images: ['QUJD'],
      max_new_tokens: 8,
      stop: '</s>',
    };
    const reply = await fetch(`${server.origin}/worker_generate_stream`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    expect(JSON.parse((await reply.text()).replace('\0', ''))).toMatchObject({ error_code: 1 });
    expect(server.faults.splice(0)).toEqual(['as many tags as media']);
  });

  it('V5: an empty address means that nobody runs the model', async () => {
    server.play('no-worker');
    expect((await asked(model, film())).error).toMatchObject({
      code: 'ask.unknown-model',
      hint: expect.stringContaining('worker'),
    });
  });

  it('writes the template of the language model inside', async () => {
    const other = await open(server.origin, 'video-llama-controller', 'VideoLLaMA2.1-7B-16F');
    const { messages } = film();
    await asked(other, { messages: [{ role: 'system', content: 'Be brief.' }, ...messages] });
    expect(sent().prompt).toBe(
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n<video>\nWhat is in it? 画面里有什么？<|im_end|>\n<|im_start|>assistant\n',
    );
  });

  it('notes what a worker does not heed', async () => {
    const got = await asked(model, { ...film(), maxTokens: 5_000, seed: 1, stop: ['.'], frequencyPenalty: 1 });
    expect(got.losses.map(({ kind, text }) => [kind, text])).toEqual([
      ['option-ignored', 'seed'],
      ['option-ignored', 'stop'],
      ['option-ignored', 'frequencyPenalty'],
      ['option-ignored', 'maxTokens'],
    ]);
    expect(sent().max_new_tokens).toBe(1024);
    expect((await asked(model, { ...film(), maxTokens: 1024 })).losses).toEqual([]);
  });
});

describe('VideoLLaMA3’s demo server', () => {
  let server: Running;
  let model: LanguageModel;
  beforeAll(async () => {
    server = await startConformance(videoLlamaTcpConformance);
    model = await open(server.origin, 'video-llama-tcp', 'VideoLLaMA3-7B');
  });
  afterEach(() => {
    server.play('happy');
    expect(server.faults.splice(0)).toEqual([]);
  });
  afterAll(() => server.close());

  it.each(['happy', 'byte-by-byte', 'two-in-one', 'another-id'])(
    'V3: puts messages together however packets cut them (%s)',
    async (name) => {
      server.play(name);
      const got = await asked(model, about(medium('video/mp4'), medium('image/png')));
      expect(got.error).toBeNull();
      expect(got.text).toBe(SAID);
      expect(got.answer).toMatchObject({ text: SAID, finishReason: null });
    },
  );

  it('V3: words may hold the separator, in an answer as in a question', async () => {
    server.play('separator-in-words', 1);
    const got = await asked(model, { messages: [{ role: 'user', content: 'What is <SEP>?' }] });
    expect(got.text).toBe('HTML has <SEP> and more.');
  });

  it.each([
    ['V3: a failure in words', 'server-error', /Server error!/],
    ['V6: a connection that ends without <EOS>', 'dropped', /in the middle/],
    ['V6: a connection that breaks', 'reset', /in the middle/],
    ['V6: silence', 'silent', /stopped in the middle/],
  ])('%s is no answer', async (_, name, message) => {
    const hasty = await languageModelFor('video-llama:VideoLLaMA3-7B', {
      providers: {
        'video-llama': {
          baseUrl: server.origin,
          dialect: 'video-llama-tcp',
          patience: { ...PATIENCE, headTimeoutMs: 50 },
        },
      },
    });
    server.play(name);
    const got = await asked(hasty, film());
    expect(got.error).toMatchObject({ code: 'ask.upstream-failed', message: expect.stringMatching(message) });
    expect(got.answer).toBeNull();
    expect(SAID.startsWith(got.text)).toBe(true);
  });

  it('leaves when the caller does', async () => {
    server.play('silent');
    const controller = new AbortController();
    const asking = asked(model, film(), controller.signal);
    setTimeout(() => controller.abort(), 20);
    expect((await asking).error?.code).toBe('kit.cancelled');
  });

  it('refuses a question that the server would take for two', async () => {
    const got = await asked(model, { messages: [{ role: 'user', content: '很长。'.repeat(1_000) }] });
    expect(got.error?.code).toBe('ask.too-long');
  });

  it('says that nobody is there', async () => {
    const other = await startConformance(videoLlamaTcpConformance);
    const { origin } = other;
    await other.close();
    const alone = await open(origin, 'video-llama-tcp', 'VideoLLaMA3-7B');
    expect((await asked(alone, film())).error?.code).toBe('ask.unreachable');
  });

  it('notes what the server has no field for', async () => {
    const got = await asked(model, {
      ...film(),
      presencePenalty: 1,
      logprobs: { top: 1 },
      tools: [{ name: 'f' }],
      responseFormat: { kind: 'json' },
      speak: { voice: null },
      extra: { user: 'somebody' },
    });
    expect(got.losses.map(({ text }) => text)).toEqual([
      'presencePenalty',
      'logprobs',
      'tools',
      'responseFormat',
      'speak',
      'user',
    ]);
  });
});

describe('Video-LLaMA by name', () => {
  it.each([
    ['DAMO-NLP-SG/VideoLLaMA2.1-7B-AV', true],
    ['DAMO-NLP-SG/VideoLLaMA2-7B', false],
    ['DAMO-NLP-SG/VideoLLaMA3-7B', false],
    ['Video-LLaMA-2-13B-Finetuned', true],
  ])('%s hears: %s', async (name, hears) => {
    const { capabilities } = await open('http://127.0.0.1:9', 'video-llama-tcp', name);
    expect(capabilities.input).toMatchObject({ image: true, video: true, audio: hears });
    expect(capabilities.rules?.hearsVideo).toBe(hears);
  });
});
