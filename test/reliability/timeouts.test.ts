import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Stage } from '#contract/report.ts';
import type { RunningServer } from '#server/index.ts';
import { hang, type Stages, startFakeServer } from './fake-server.ts';
import { audioPart, errorOf, eventsOf, formWith, metric, post, question, tone } from './requests.ts';

let server: RunningServer;
afterEach(() => server.close());

const SOON_SECONDS = 0.05;

const never: Stages = {
  model: {
    async *ask(_request, { signal }) {
      yield { kind: 'text-delta', text: 'Well' };
      await hang(signal);
    },
  },
  recogniser: {
    async *hear(_recording, { signal }) {
      yield await hang(signal);
    },
  },
  detector: { detect: (_pcm, signal) => hang(signal) },
  speech: {
    async *speak(_sentence, { signal }) {
      yield new Float32Array(8_000);
      await hang(signal);
    },
  },
  embedder: { embed: (_texts, { signal }) => hang(signal) },
};

const heard = (url: string, fields: Record<string, string> = {}) =>
  fetch(`${url}/v1/audio/transcriptions`, { method: 'POST', body: formWith(tone(), fields) });
const chat = (url: string, body: object) => post(`${url}/v1/chat/completions`, body);
const spoken = { modalities: ['text', 'audio'], audio: { voice: 'heart', format: 'wav' } };

type Send = (url: string) => Promise<Response>;
const rows: [Stage, keyof Stages, string, Send][] = [
  ['probe', 'detector', 'a chat', (url) => chat(url, question([audioPart(tone())]))],
  ['probe', 'detector', 'a transcription', (url) => heard(url)],
  ['perceive', 'recogniser', 'a chat', (url) => chat(url, question([audioPart(tone())]))],
  ['perceive', 'recogniser', 'a transcription', (url) => heard(url)],
  ['perceive', 'recogniser', 'a transcription stream', (url) => heard(url, { stream: 'true' })],
  ['ask', 'model', 'a chat', (url) => chat(url, question('Hi'))],
  ['speak', 'speech', 'a spoken chat', (url) => chat(url, question('Hi there.', spoken))],
  ['embed', 'embedder', 'embeddings', (url) => post(`${url}/v1/embeddings`, { input: 'a' })],
];

describe('a stage that takes longer than it may', () => {
  it.each(rows)('%s (%s) ends %s with 504 and its name', async (stage, part, _what, send) => {
    server = await startFakeServer({ [part]: never[part], timeouts: { [stage]: SOON_SECONDS } });
    const reply = await send(server.url);
    expect(reply.status).toBe(504);
    const error = await errorOf(reply);
    expect(error).toMatchObject({ code: 'pipeline.timed-out' });
    expect(error.message).toContain(`The ${stage} stage took longer than ${SOON_SECONDS} s.`);
    await expect.poll(() => metric(server.url, 'sensorium_requests_running')).toBe(0);
  });

  it('media ends a chat with 504 when an address gives no more', async () => {
    const still = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'audio/wav' }).write('RIFF');
    });
    await new Promise<void>((resolve) => still.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(still.address() as AddressInfo).port}/x.wav`;
    server = await startFakeServer({ timeouts: { media: SOON_SECONDS } });
    const reply = await chat(server.url, question([{ type: 'video_url', video_url: { url: address } }]));
    expect(reply.status).toBe(504);
    expect((await errorOf(reply)).message).toContain('The media stage');
    still.closeAllConnections();
    still.close();
  });

  it('ask ends a stream that has begun with an error in it, and nothing that looks like an end', async () => {
    server = await startFakeServer({ model: never.model ?? {}, timeouts: { ask: SOON_SECONDS } });
    const reply = await chat(server.url, question('Hi', { stream: true }));
    expect(reply.status).toBe(200);
    const text = await reply.clone().text();
    const events = await eventsOf(reply);
    expect(events[0]).toMatchObject({ choices: [{ delta: { content: 'Well' } }] });
    expect(events.at(-1)).toMatchObject({ error: { code: 'pipeline.timed-out' } });
    expect(text).not.toContain('[DONE]');
  });

  it('speak breaks sound off that has begun, so that it does not look whole', async () => {
    // At the rate of the format, so that its first sound need not wait for more.
    const speech = { ...never.speech, sampleRateHz: 24_000 };
    server = await startFakeServer({ speech, timeouts: { speak: 1 } });
    const body = { input: 'Good morning to you.', response_format: 'pcm' };
    const reply = await post(`${server.url}/v1/audio/speech`, body);
    expect(reply.status).toBe(200);
    await expect(reply.arrayBuffer()).rejects.toThrow();
    const events = await eventsOf(await post(`${server.url}/v1/audio/speech`, { ...body, stream_format: 'sse' }));
    expect(events[0]).toMatchObject({ type: 'speech.audio.delta' });
    expect(events.at(-1)).toMatchObject({ error: { code: 'pipeline.timed-out' } });
  });
});
