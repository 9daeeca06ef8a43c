import { afterEach, expect, it } from 'vitest';
import type { RunningServer } from '#server/index.ts';
import { startFakeServer } from './fake-server.ts';

let server: RunningServer;
afterEach(() => server.close());

const RATE_HZ = 24_000;
const TEXT = 'The first sentence is here now. The second one waits until somebody has heard the first.';

/** A voice that does not begin its second sentence before `release` was called. */
async function startWaitingVoice(): Promise<{ release: () => void; sentences: () => number }> {
  let release = () => {};
  const heard = new Promise<void>((resolve) => {
    release = resolve;
  });
  let sentences = 0;
  server = await startFakeServer({
    speech: {
      sampleRateHz: RATE_HZ,
      async *speak() {
        sentences += 1;
        if (sentences === 2) await heard;
        const samples = Float32Array.from({ length: 4 * RATE_HZ }, (_, at) => 0.3 * Math.sin(at / 9));
        for (let at = 0; at < samples.length; at += RATE_HZ) yield samples.slice(at, at + RATE_HZ);
      },
    },
  });
  return { release, sentences: () => sentences };
}

const post = (path: string, body: object) =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

it.each(['wav', 'pcm', 'mp3', 'opus', 'flac', 'aac'])(
  'the first bytes of %s come while the last sentence is still to be made',
  async (response_format) => {
    const { release, sentences } = await startWaitingVoice();
    const reader = (await post('/v1/audio/speech', { input: TEXT, response_format })).body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(value?.length).toBeGreaterThan(0);
    release();
    while (!(await reader?.read())?.done);
    expect(sentences()).toBe(2);
  },
);

it.each([
  ['/v1/audio/speech', { input: TEXT, response_format: 'pcm', stream_format: 'sse' }, '"speech.audio.delta"'],
  [
    '/v1/chat/completions',
    {
      messages: [{ role: 'user', content: TEXT }],
      stream: true,
      modalities: ['text', 'audio'],
      audio: { voice: 'heart', format: 'pcm16' },
    },
    '"data":',
  ],
])('%s sends the sound of the first sentence before there is a second', async (path, body, sign) => {
  const { release, sentences } = await startWaitingVoice();
  const reader = (await post(path, body)).body?.pipeThrough(new TextDecoderStream()).getReader();
  let seen = '';
  while (!seen.includes(sign)) seen += (await reader?.read())?.value ?? '';
  release();
  while (!(await reader?.read())?.done);
  expect(sentences()).toBeGreaterThan(1);
});
