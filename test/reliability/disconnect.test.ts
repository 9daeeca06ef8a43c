import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunningServer } from '#server/index.ts';
import { hang, moment, type Stages, startFakeServer } from './fake-server.ts';
import { audioPart, formWith, metric, post, question, tone } from './requests.ts';

let server: RunningServer;
afterEach(() => server.close());

/** Each stage, hanging until it is stopped. `begun` and `stopped` say how far it came. */
function hanging(): { stages: Stages; begun: Promise<void>; stopped: Promise<void> } {
  const begun = moment();
  const stopped = moment();
  const wait = (signal: AbortSignal) => {
    begun.reach();
    return hang(signal, stopped.reach);
  };
  return {
    begun: begun.reached,
    stopped: stopped.reached,
    stages: {
      model: {
        async *ask(_request, { signal }) {
          yield { kind: 'text-delta', text: 'Well' };
          await wait(signal);
        },
      },
      recogniser: {
        async *hear(_recording, { signal }) {
          yield await wait(signal);
        },
      },
      detector: { detect: (_pcm, signal) => wait(signal) },
      speech: {
        async *speak(_sentence, { signal }) {
          yield new Float32Array(8_000);
          await wait(signal);
        },
      },
      embedder: { embed: (_texts, { signal }) => wait(signal) },
    },
  };
}

type Send = (url: string, signal: AbortSignal) => Promise<Response>;
const chat =
  (body: object): Send =>
  (url, signal) =>
    post(`${url}/v1/chat/completions`, body, { signal });
const say =
  (body: object): Send =>
  (url, signal) =>
    post(`${url}/v1/audio/speech`, body, { signal });
const hear =
  (fields: Record<string, string> = {}): Send =>
  (url, signal) =>
    fetch(`${url}/v1/audio/transcriptions`, { method: 'POST', body: formWith(tone(), fields), signal });
const spoken = { modalities: ['text', 'audio'], audio: { voice: 'heart', format: 'pcm16' } };
const long = 'The first sentence is here. The second sentence follows it. And a third one ends it.';

const rows: [string, keyof Stages, Send][] = [
  ['a chat while the model writes', 'model', chat(question('Hi'))],
  ['a chat stream while the model writes', 'model', chat(question('Hi', { stream: true }))],
  ['a chat while its recording is looked at', 'detector', chat(question([audioPart(tone())]))],
  ['a chat while its recording is heard', 'recogniser', chat(question([audioPart(tone())]))],
  ['a chat stream while its recording is heard', 'recogniser', chat(question([audioPart(tone())], { stream: true }))],
  ['a chat while it is spoken', 'speech', chat(question('Hi there.', spoken))],
  ['a chat stream while it is spoken', 'speech', chat(question('Hi there.', { ...spoken, stream: true }))],
  ['a transcription', 'recogniser', hear()],
  ['a transcription while it is looked at', 'detector', hear()],
  ['a transcription stream', 'recogniser', hear({ stream: 'true' })],
  ['speech', 'speech', say({ input: long, response_format: 'wav' })],
  ['speech as events', 'speech', say({ input: long, response_format: 'pcm', stream_format: 'sse' })],
  ['speech while it is encoded', 'speech', say({ input: long, response_format: 'flac' })],
  ['embeddings', 'embedder', (url, signal) => post(`${url}/v1/embeddings`, { input: ['a', 'b'] }, { signal })],
];

describe('a client that leaves', () => {
  it.each(rows)('stops %s and gives its place back', async (_what, stage, send) => {
    const { stages, begun, stopped } = hanging();
    server = await startFakeServer({ [stage]: stages[stage], server: { maxRequests: 1 } });
    const leaving = new AbortController();
    // Bytes may have come before: what matters is that nobody reads on.
    const request = send(server.url, leaving.signal).then((reply) => reply.arrayBuffer());
    request.catch(() => {});
    await begun;
    expect(await metric(server.url, 'sensorium_requests_running')).toBe(1);
    const leftAt = performance.now();
    leaving.abort();
    await stopped;
    console.log(`stopped after ${(performance.now() - leftAt).toFixed(0)} ms`);
    await expect(request).rejects.toThrow();
    await expect.poll(() => metric(server.url, 'sensorium_requests_running')).toBe(0);
  });

  it('stops a download that stands still', async () => {
    const begun = moment();
    const stopped = moment();
    const still = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'audio/wav' }).write('RIFF');
      response.once('close', stopped.reach);
      begun.reach();
    });
    await new Promise<void>((resolve) => still.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(still.address() as AddressInfo).port}/x.wav`;
    server = await startFakeServer({ server: { maxRequests: 1 } });
    const leaving = new AbortController();
    const body = question([{ type: 'video_url', video_url: { url: address } }]);
    const request = post(`${server.url}/v1/chat/completions`, body, { signal: leaving.signal });
    request.catch(() => {});
    await begun.reached;
    leaving.abort();
    await stopped.reached;
    await expect.poll(() => metric(server.url, 'sensorium_requests_running')).toBe(0);
    still.closeAllConnections();
    still.close();
  });
});
