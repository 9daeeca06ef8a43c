import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import { lossOf } from '#contract/loss.ts';
import type { RunningServer } from '#server/index.ts';
import { fakeEngine } from '#speak/fake.ts';
import { startFakeServer } from '../reliability/fake-server.ts';
import { SAMPLES } from './samples.ts';

let server: RunningServer;
beforeAll(async () => {
  const fake = fakeEngine();
  server = await startFakeServer({
    speech: {
      async *speak(sentence, context) {
        context.note(
          lossOf({ kind: 'not-pronounced', stage: 'speak', text: '你', message: 'It speaks English only.' }),
        );
        yield* fake.speak(sentence, context);
      },
    },
  });
});
afterAll(() => server.close());

const post = (path: string, body: object | FormData) =>
  fetch(
    `${server.url}/v1/${path}`,
    body instanceof FormData
      ? { method: 'POST', body }
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
  );

function formOf(fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  form.set('file', new Blob([Uint8Array.from(SAMPLES.silence(1))]), 'silence.wav');
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

const told = (losses: readonly Loss[]) => losses.map(({ kind, text }) => `${kind} ${text ?? ''}`.trim());

it('speech tells what was left out in its last event', async () => {
  const body = { input: 'Hello there 😀.', instructions: 'Whisper.', response_format: 'pcm' };
  const events = await (await post('audio/speech', { ...body, stream_format: 'sse' })).text();
  const last = JSON.parse(events.trim().split('\n\n').at(-1)?.replace('data: ', '') ?? '');
  expect(last.type).toBe('speech.audio.done');
  expect(told(last.sensorium.losses)).toEqual(['option-ignored instructions', 'not-pronounced 你', 'not-spoken 😀']);
});

it('speech as bytes tells in its head what is known by then, and after its end the rest', async () => {
  const body = JSON.stringify({
    input: 'Hello there. And here is 😀 more.',
    instructions: 'Whisper.',
    response_format: 'pcm',
  });
  const headers = { 'content-type': 'application/json' };
  const trailers = await new Promise<NodeJS.Dict<string>>((resolve, reject) => {
    const asking = request(`${server.url}/v1/audio/speech`, { method: 'POST', headers }, (reply) => {
      expect(reply.headers).toMatchObject({ 'sensorium-losses': expect.stringContaining('option-ignored') });
      reply.resume().on('end', () => resolve(reply.trailers));
    });
    asking.on('error', reject).end(body);
  });
  expect(trailers['sensorium-losses']).toBe('option-ignored, not-pronounced, not-spoken');
});

it.each(['json', 'verbose_json'])('a transcription as %s tells what was left out', async (format) => {
  const reply = await post('audio/transcriptions', formOf({ temperature: '0.5', response_format: format }));
  const json = (await reply.json()) as { sensorium: { losses: Loss[] } };
  expect(told(json.sensorium.losses)).toEqual(['option-ignored temperature', 'no-speech']);
});

it.each(['text', 'srt', 'vtt'])(
  'a transcription as %s has room for what was left out in its head only',
  async (format) => {
    const reply = await post('audio/transcriptions', formOf({ temperature: '0.5', response_format: format }));
    expect(reply.headers.get('sensorium-losses')).toBe('option-ignored, no-speech');
  },
);

it('a streamed transcription tells what was left out in its last event', async () => {
  const events = await (await post('audio/transcriptions', formOf({ temperature: '0.5', stream: 'true' }))).text();
  const last = JSON.parse(events.trim().split('\n\n').at(-1)?.replace('data: ', '') ?? '');
  expect(told(last.sensorium.losses)).toEqual(['option-ignored temperature', 'no-speech']);
});

it('vectors come with what was left out of them', async () => {
  const reply = await post('embeddings', { input: ['a word', '你 好'], dimensions: 8 });
  const json = (await reply.json()) as { sensorium: { losses: Loss[] } };
  expect(told(json.sensorium.losses)).toEqual(['language-unsupported', 'shortened']);
});
