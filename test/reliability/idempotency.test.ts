import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningServer } from '#server/index.ts';
import { hang, moment, startFakeServer } from './fake-server.ts';
import { audioPart, errorOf, formWith, post, question, tone } from './requests.ts';

let server: RunningServer;
let asked = 0;
let answerNow = moment();
let begun = moment();
beforeEach(async () => {
  asked = 0;
  answerNow = moment();
  begun = moment();
  server = await startFakeServer({
    model: {
      async *ask(_request, { signal }) {
        asked += 1;
        begun.reach();
        await Promise.race([answerNow.reached, hang(signal)]);
        const text = `Answer ${asked}.`;
        yield { kind: 'text-delta', text };
        yield { kind: 'answer-end', answer: { text, model: 'fake', finishReason: 'stop', usage: null } };
      },
    },
  });
});
afterEach(() => server.close());

const headers = { 'idempotency-key': 'one-and-the-same' };
const chat = (content: unknown = 'Hi', more: object = {}, signal?: AbortSignal) =>
  post(`${server.url}/v1/chat/completions`, question(content, more), { headers, ...(signal ? { signal } : {}) });

describe('a request sent again under the same key', () => {
  it('is answered with the first answer, to the byte', async () => {
    answerNow.reach();
    const first = await chat();
    const second = await chat();
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(await second.text()).toBe(await first.text());
    expect(asked).toBe(1);
  });

  it('joins the first while it is under way', async () => {
    const replies = Promise.all([chat(), chat(), chat()]);
    await begun.reached;
    answerNow.reach();
    const bodies = await Promise.all((await replies).map((reply) => reply.text()));
    expect(new Set(bodies).size).toBe(1);
    expect(asked).toBe(1);
  });

  it('is worked on for the second client when the first has gone', async () => {
    const leaving = new AbortController();
    const first = chat('Hi', {}, leaving.signal);
    await begun.reached;
    const second = chat();
    leaving.abort();
    await expect(first).rejects.toThrow();
    answerNow.reach();
    expect((await second).status).toBe(200);
  });

  it('is known by the bytes of its media too', async () => {
    answerNow.reach();
    const sound = tone();
    const other = Buffer.from(sound);
    other.writeInt16LE(5, 1_000);
    const part = (bytes: Buffer) => [audioPart(bytes), { type: 'text', text: 'What is said?' }];
    expect((await chat(part(sound))).status).toBe(200);
    expect((await chat(part(sound))).headers.get('idempotent-replayed')).toBe('true');
    const refused = await chat(part(other));
    expect(refused.status).toBe(422);
    expect(await errorOf(refused)).toMatchObject({ code: 'server.key-reused' });
    expect(asked).toBe(1);
  });

  it('does its work again as a stream, and says that it does', async () => {
    answerNow.reach();
    for (const _ of [1, 2]) {
      const reply = await chat('Hi', { stream: true });
      expect(reply.headers.get('idempotent-stored')).toBe('false');
      await reply.text();
    }
    expect(asked).toBe(2);
  });

  it('says of speech and transcripts that they are made again', async () => {
    const said = await post(`${server.url}/v1/audio/speech`, { input: 'Hi.', response_format: 'wav' }, { headers });
    expect(said.headers.get('idempotent-stored')).toBe('false');
    await said.arrayBuffer();
    const init = { method: 'POST', body: formWith(tone()), headers };
    const heard = await fetch(`${server.url}/v1/audio/transcriptions`, init);
    expect(heard.status).toBe(200);
    expect(heard.headers.get('idempotent-stored')).toBe('false');
  });

  it('replays vectors too', async () => {
    const embed = () => post(`${server.url}/v1/embeddings`, { input: 'one two' }, { headers });
    const first = await embed();
    const second = await embed();
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(await second.text()).toBe(await first.text());
  });
});
