import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { languageModelFor } from '#ask/index.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { asked } from './http-exam.ts';
import { about, medium } from './media.ts';
import { PATIENCE } from './patience.ts';

const KEY = 'opaque/video-llama.0123456789';
const ADAPTER = new URL('../../examples/video-llama/adapter.py', import.meta.url).pathname;
const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.warn('python3 is not here: the exam of examples/video-llama/adapter.py is skipped (7 tests).');

/** The HTTP side of the adapter, with an inference that says what lies in the files it was given. */
describe.skipIf(!hasPython)('the Video-LLaMA adapter', () => {
  let running: ChildProcess;
  let baseUrl: string;
  let model: LanguageModel;
  const open = (apiKey: string | null) =>
    languageModelFor('video-llama:VideoLLaMA2.1-7B-AV', {
      providers: { 'video-llama': { baseUrl, apiKey, patience: PATIENCE } },
    });
  beforeAll(async () => {
    running = spawn('python3', [ADAPTER, '--self-test', '--port', '0'], {
      env: { ...process.env, VIDEO_LLAMA_API_KEY: KEY, PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (!running.stdout) throw new Error('no output');
    for await (const line of createInterface({ input: running.stdout })) {
      baseUrl = line;
      break;
    }
    model = await open(KEY);
  });
  afterAll(() => running?.kill());

  it.each([true, false])('reads media from files and answers, streamed: %s', async (stream) => {
    const media = [medium('video/mp4'), medium('image/png'), medium('audio/wav')];
    const got = await asked(model, { ...about(...media), stream });
    expect(got.error).toBeNull();
    expect(got.text).toBe(
      '[video .mp4 18 bytes] [image .png 18 bytes] [audio .wav 18 bytes] What is in it? 画面里有什么？',
    );
    expect(got.answer).toMatchObject({ finishReason: 'stop', model: 'self-test' });
  });

  it('carries a whole conversation', async () => {
    const { messages } = about(medium('video/webm'));
    const got = await asked(model, { messages: [{ role: 'system', content: 'Be brief.' }, ...messages] });
    expect(got.text).toBe('Be brief. [video .webm 19 bytes] What is in it? 画面里有什么？');
  });

  it('answers two at a time, each with its own files', async () => {
    const [one, other] = await Promise.all([
      asked(model, about(medium('video/mp4', 'a'.repeat(1_000)))),
      asked(model, about(medium('video/mp4', 'b'.repeat(2_000)))),
    ]);
    expect([one?.text, other?.text]).toEqual([
      expect.stringContaining('[video .mp4 1000 bytes]'),
      expect.stringContaining('[video .mp4 2000 bytes]'),
    ]);
  });

  it('wants the key it was started with', async () => {
    expect((await asked(await open('another'), about(medium('video/mp4')))).error?.code).toBe('ask.key-refused');
  });

  it('refuses what it cannot write to a file', async () => {
    const got = await asked(model, about(medium('video/x-flv')));
    expect(got.error).toMatchObject({ code: 'ask.refused', message: expect.stringContaining('video/x-flv') });
  });

  it('says what it serves', async () => {
    const list = await fetch(`${baseUrl}/models`);
    expect(await list.json()).toMatchObject({ data: [{ id: 'self-test' }] });
  });
});
