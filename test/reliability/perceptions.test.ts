import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pdfOf, say } from '#runtime/pdf/__fixtures__/pdf.ts';
import type { RunningServer } from '#server/index.ts';
import { wavFile } from '../../src/media/__fixtures__/wav.ts';
import { startFakeServer } from './fake-server.ts';
import { errorOf, eventsOf, formWith, tone } from './requests.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startFakeServer();
});
afterAll(() => server.close());

const perceive = (bytes: Uint8Array, fields: Record<string, string> = {}) =>
  fetch(`${server.url}/v1/perceptions`, { method: 'POST', body: formWith(bytes, fields) });
const report = pdfOf([{ content: say('First', 72, 700) }, { content: say('Second', 72, 700) }]);

describe('POST /v1/perceptions', () => {
  it('gives a recording as a transcript and a document as pages, by their bytes and not their names', async () => {
    const heard = await (await perceive(tone())).json();
    expect(heard).toMatchObject({ kind: 'transcript', text: 'paris', engine: 'fake', losses: [] });
    const read = (await (await perceive(report, { tell: 'zh' })).json()) as { text: string };
    expect(read).toMatchObject({ kind: 'document', engine: 'pdfium', request_id: expect.stringMatching(/^req_/) });
    expect(read.text).toContain('第 2 页');
  });

  it('tells how far it has come while it works, and the perception last', async () => {
    const events = await eventsOf(await perceive(report, { stream: 'true' }));
    expect(events.slice(0, -1)).toEqual([
      { type: 'perception.progress', done: 1, total: 2, unit: 'pages' },
      { type: 'perception.progress', done: 2, total: 2, unit: 'pages' },
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'perception.done', perception: { kind: 'document', losses: [] } });
  });

  it('names what is wrong with a request, and what fits instead', async () => {
    const wrong = await perceive(report, { sense: 'watch' });
    expect(wrong.status).toBe(415);
    expect((await errorOf(wrong)).sensorium).toMatchObject({ code: 'media.unsupported' });
    const unknown = await perceive(tone(), { sense: 'smell' });
    expect(unknown.status).toBe(400);
    const form = new FormData();
    form.set('sense', 'hear');
    const empty = await fetch(`${server.url}/v1/perceptions`, { method: 'POST', body: form });
    expect([empty.status, (await errorOf(empty)).message]).toEqual([400, expect.stringContaining('file')]);
  });

  it('says what was lost, whole and as events', async () => {
    const silence = wavFile(Buffer.alloc(16_000));
    const whole = (await (await perceive(silence)).json()) as { losses: { kind: string }[] };
    expect(whole.losses).toMatchObject([{ kind: 'no-speech' }]);
    const events = await eventsOf(await perceive(silence, { stream: 'true' }));
    expect(events.at(-1)).toMatchObject({ perception: { losses: [{ kind: 'no-speech' }] } });
  });

  it('brings the ledger, as an answer does', async () => {
    const ledger = {
      schema: 'loss-ledger/1',
      inputs: [{ id: 'part-1', fate: 'text by fake' }],
      conversions: [{ op: 'hear', component: { name: 'fake' } }],
    };
    expect(await (await perceive(tone())).json()).toMatchObject({ ledger });
    const events = await eventsOf(await perceive(tone(), { stream: 'true' }));
    expect(events.at(-1)).toMatchObject({ perception: { ledger } });
  });

  it('fails with the code of what failed, also once it has begun to tell', async () => {
    const broken = await perceive(report.subarray(0, 400));
    expect(broken.status).toBe(400);
    expect((await errorOf(broken)).sensorium.code).toBe('read.broken');
    const told = await perceive(report.subarray(0, 400), { stream: 'true' });
    const text = await told.text();
    expect(text).toContain('read.broken');
  });
});
