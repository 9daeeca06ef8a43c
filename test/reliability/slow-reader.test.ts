import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { throwIfCancelled } from '#kit/abort.ts';
import type { RunningServer } from '#server/index.ts';
import { type Stages, startFakeServer } from './fake-server.ts';
import { metric, question } from './requests.ts';

let server: RunningServer;
let socket: Socket;
afterEach(async () => {
  socket.destroy();
  await server.close();
});

const RATE_HZ = 24_000;
const SENTENCE_SECONDS = 10;
const SENTENCES = 200;
/** Ten seconds of 16-bit sound are half a megabyte; a socket of this machine holds some ten megabytes for its reader. */
const MOST_AHEAD = 30;
const text = Array.from({ length: SENTENCES }, (_, at) => `This is the sentence with number ${at + 1}.`).join(' ');

/** A voice that says ten seconds for each sentence, and counts. */
function counting(): { speech: NonNullable<Stages['speech']>; made: () => number } {
  let made = 0;
  return {
    made: () => made,
    speech: {
      sampleRateHz: RATE_HZ,
      async *speak(_sentence, { signal }) {
        throwIfCancelled(signal);
        made += 1;
        yield new Float32Array(RATE_HZ * SENTENCE_SECONDS);
      },
    },
  };
}

/** Sends a request over a socket of which nothing is read. */
async function sendAndPause(path: string, body: object): Promise<Socket> {
  const { port, host } = new URL(server.url);
  const made = connect(Number(port), '127.0.0.1');
  await once(made, 'connect');
  made.pause();
  const json = JSON.stringify(body);
  const head = `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nConnection: close`;
  made.write(`${head}\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
  return made;
}

/** Waits until a count has not changed for a while. */
async function settled(count: () => number): Promise<number> {
  for (let before = -1; ; ) {
    await sleep(500);
    if (count() > 0 && count() === before) return before;
    before = count();
  }
}

const spoken = { modalities: ['text', 'audio'], audio: { voice: 'heart', format: 'pcm16' }, stream: true };
const echo: NonNullable<Stages['model']> = {
  async *ask() {
    for (const word of text.split(/(?<= )/)) yield { kind: 'text-delta', text: word };
    yield { kind: 'answer-end', answer: { text, model: 'fake', finishReason: 'stop', usage: null } };
  },
};

const rows: [string, string, object][] = [
  ['sound', '/v1/audio/speech', { input: text, response_format: 'wav' }],
  ['sound as events', '/v1/audio/speech', { input: text, response_format: 'pcm', stream_format: 'sse' }],
  ['a spoken chat', '/v1/chat/completions', question('Count.', spoken)],
];

describe('a client that asks and does not read', () => {
  it.each(rows)(
    'has no more of %s made than fits on the way to it, and gets the rest when it reads',
    async (_what, path, body) => {
      const { speech, made } = counting();
      server = await startFakeServer({ speech, model: echo });
      socket = await sendAndPause(path, body);
      const ahead = await settled(made);
      console.log(`${ahead} of ${SENTENCES} sentences were made for nobody`);
      expect(ahead).toBeLessThan(MOST_AHEAD);
      let received = 0;
      socket.on('data', (bytes) => {
        received += bytes.length;
      });
      socket.resume();
      await once(socket, 'close');
      expect(made()).toBe(SENTENCES);
      expect(received).toBeGreaterThan(SENTENCES * SENTENCE_SECONDS * RATE_HZ * 2);
    },
  );

  it('frees everything when it goes', async () => {
    const { speech, made } = counting();
    server = await startFakeServer({ speech });
    socket = await sendAndPause('/v1/audio/speech', { input: text, response_format: 'wav' });
    await settled(made);
    socket.destroy();
    await expect.poll(() => metric(server.url, 'sensorium_requests_running')).toBe(0);
    expect(made()).toBeLessThan(MOST_AHEAD);
  });
});
