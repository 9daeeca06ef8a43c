import { Writable } from 'node:stream';
import { pino } from 'pino';
import { request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { languageModelFor } from '#ask/index.ts';
import { DEFAULTS } from '#config/schema.ts';
import type { AskRequest } from '#contract/chat.ts';
import type { Ledger } from '#contract/ledger.ts';
import type { Perception, TextLine } from '#contract/perception.ts';
import type { Reader } from '#contract/ports.ts';
import { openPace } from '#kit/pace.ts';
import { listener, scripted } from '#pipeline/__fixtures__/mending.ts';
import { tellAnswer } from '#pipeline/answer.ts';
import type { Sensorium } from '#pipeline/index.ts';
import type { Parts } from '#pipeline/parts.ts';
import { tone } from '#pipeline/tiny-media.ts';
import { encodePng } from '#runtime/pixels/shape.ts';
import { buildApp } from '#server/app.ts';
import { spokenAnswers } from '#server/chat/spoken-answers.ts';
import { openRates } from '#server/guard/rates.ts';
import { openAdmission } from '#server/load/admission.ts';
import { openDrain } from '#server/load/drain.ts';
import { openReplays } from '#server/load/idempotency.ts';
import { openMetrics } from '#server/observe/metrics.ts';
import { listVoices } from '#speak/index.ts';
import { keyNamed } from '../../src/server/guard/__fixtures__/keyring.ts';
import { partsAt, reportOf, type Servers, startServers } from './open.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function servers(...names: string[]): Promise<Servers> {
  const started = await startServers(names);
  closing.push(started.close);
  return started;
}

/** The real server around the real path; hearing is scripted, and so is `proofreader`. */
async function serverWith(parts: Parts): Promise<string> {
  const pace = openPace();
  const admission = openAdmission({ maxRequests: 8, maxBodiesBytes: 2 ** 28 }, pace);
  const key = keyNamed('tester');
  const app = await buildApp({
    sensorium: {
      voices: listVoices,
      tell: (asked, events, stop) => tellAnswer(asked, parts, events, stop),
    } as Partial<Sensorium> as Sensorium,
    config: DEFAULTS,
    version: 'test',
    words: () => {},
    log: pino({ level: 'silent' }, new Writable()),
    metrics: openMetrics(admission),
    spoken: spokenAnswers(),
    replays: openReplays(),
    gate: {
      entrance: {
        keyring: { find: () => key, required: false },
        loopback: true,
        host: '127.0.0.1',
        corsOrigins: new Set(),
      },
      rates: openRates({ requestsPerMinute: null, requestsPerDay: null, requestsAtOnce: 8 }),
      admission,
      drain: openDrain(),
      pace,
      maxBodyBytes: 2 ** 26,
    },
  });
  closing.push(async () => {
    app.server.closeAllConnections();
    await app.close();
  });
  return app.listen({ host: '127.0.0.1', port: 0 });
}

/** Parts whose models are the vendors', but for one that proofreads. */
function partsOf({ providers }: Servers, asked: AskRequest[], more: Partial<Parts> = {}): Parts {
  return partsAt(providers, 'listener', {
    recogniser: async () => listener(),
    model: (id) =>
      id === 'proofreader'
        ? Promise.resolve(scripted('{"1":"扶"}', asked, 'proofreader'))
        : languageModelFor(id, { providers }),
    mend: { ...DEFAULTS.mend, corrector: 'proofreader' },
    ...more,
  });
}

const sound = (seconds: number) => Buffer.from(tone(seconds)).toString('base64');

async function chat(url: string, model: string, mend: unknown) {
  const content = [
    { type: 'input_audio', input_audio: { data: sound(2), format: 'wav' } },
    { type: 'text', text: '他在做什么？' },
  ];
  const body = { model, messages: [{ role: 'user', content }], sensorium: { mend } };
  const headers = { 'content-type': 'application/json', authorization: 'Bearer x' };
  const reply = await request(`${url}/v1/chat/completions`, { method: 'POST', headers, body: JSON.stringify(body) });
  const answered = (await reply.body.json()) as {
    readonly sensorium: { readonly ledger: Ledger; readonly perceptions: readonly Perception[] };
    readonly error?: unknown;
  };
  return { status: reply.statusCode, ...answered };
}

describe('through the server', () => {
  it('what is sent upstream is the corrected text, and the ledger has both', async () => {
    const started = await servers('qwen');
    const asked: AskRequest[] = [];
    const url = await serverWith(partsOf(started, asked));
    const { status, sensorium } = await chat(url, 'qwen:qwen-plus', { correct: true, glossary: ['慢慢走'] });
    expect(status).toBe(200);
    expect(asked).toHaveLength(1);
    const qwen = started.running.get('qwen');
    expect(qwen?.faults).toEqual([]);
    const sent = JSON.stringify(qwen?.seen.at(-1)?.json());
    expect(sent).toContain('他扶着墙慢慢走呢。');
    expect(sent).not.toContain('浮');
    expect(sensorium.perceptions).toMatchObject([
      { text: '他浮着墙慢慢走呢。', mended: { text: '他扶着墙慢慢走呢。' } },
    ]);
    expect(sensorium.ledger.mitigations).toMatchObject([
      { id: 'glossary', editsAccepted: 0 },
      { id: 'correction', by: 'proofreader', editsProposed: 1, editsAccepted: 1 },
    ]);
  });

  it('what was heard is sent where nothing is wished for, and a wish nobody knows is refused', async () => {
    const started = await servers('qwen');
    const asked: AskRequest[] = [];
    const mend = { ...DEFAULTS.mend, correct: true, corrector: 'proofreader' };
    const url = await serverWith(partsOf(started, asked, { mend }));
    const { status, sensorium } = await chat(url, 'qwen:qwen-plus', false);
    expect(status).toBe(200);
    expect(asked).toEqual([]);
    expect(JSON.stringify(started.running.get('qwen')?.seen.at(-1)?.json())).toContain('他浮着墙');
    expect(sensorium.ledger.mitigations).toEqual([]);
    expect((await chat(url, 'qwen:qwen-plus', { invent: true })).status).toBe(400);
  });
});

describe('escalation', () => {
  const media = [{ kind: 'bytes', bytes: tone(4), name: 'tone.wav' }] as const;
  const wish = { route: 'text', policy: 'prefer' } as const;
  const request = { question: '他在做什么？', media, wish, mend: { escalate: 'doubtful' } } as const;

  it.each([
    ['qwen', 'qwen:qwen3-omni-flash'],
    ['openai', 'openai:gpt-4o-audio-preview'],
  ])('sends the doubtful clip beside the text to %s, which takes sound', async (name, model) => {
    const started = await servers(name);
    const { report } = await reportOf({ ...request, model }, partsOf(started, []));
    const server = started.running.get(name);
    expect(server?.faults).toEqual([]);
    const sent = JSON.stringify(server?.seen.at(-1)?.json());
    expect(sent).toContain('他浮着墙');
    expect(sent).toContain('以下是录音中 0:00.0–0:00.9 的原声');
    // The place lies at 100–190 ms, and 700 ms stand around it: the vendor says how long the sound was.
    expect(report.answer.text).toMatch(/0\.9\d?秒的录音|a sound of 0\.89 s/);
    expect(report.plan).toMatchObject([{ route: 'text' }]);
    expect(report.ledger.mitigations).toMatchObject([{ id: 'escalation', applied: true, by: model }]);
  });

  it('sends none to a model that takes no sound, and says why', async () => {
    const started = await servers('qwen');
    const { report } = await reportOf({ ...request, model: 'qwen:qwen-plus' }, partsOf(started, []));
    expect(report.ledger.mitigations).toMatchObject([
      { id: 'escalation', applied: false, note: expect.stringContaining('not known to take audio') },
    ]);
    expect(JSON.stringify(started.running.get('qwen')?.seen.at(-1)?.json())).not.toContain('以下是录音');
  });

  it('asks again without the clip where the model breaks over it', async () => {
    const started = await servers('vllm');
    const server = started.running.get('vllm');
    server?.play('error-500', 1);
    const model = 'vllm:Qwen/Qwen2-Audio-7B-Instruct';
    const { report } = await reportOf({ ...request, model }, partsOf(started, []));
    expect(server?.seen).toHaveLength(2);
    expect(JSON.stringify(server?.seen[0]?.json())).toContain('以下是录音');
    expect(JSON.stringify(server?.seen[1]?.json())).not.toContain('以下是录音');
    expect(report.ledger.mitigations).toMatchObject([
      { id: 'escalation', applied: false, note: expect.stringContaining('asked again without them') },
    ]);
    expect(report.ledger.losses.map(({ kind }) => kind)).toContain('fell-back');
  });

  it('sends none where the model hears the whole recording itself', async () => {
    const started = await servers('qwen');
    const { report } = await reportOf(
      { ...request, wish: undefined, model: 'qwen:qwen3-omni-flash' },
      partsOf(started, []),
    );
    expect(report.plan).toMatchObject([{ route: 'native' }]);
    expect(report.ledger.mitigations).toEqual([]);
  });

  it('sends the piece of a picture that was hard to read to a model that sees', async () => {
    const started = await servers('qwen');
    const line: TextLine = {
      ...{
        text: '扶墙',
        start: 0,
        box: [
          [20, 20],
          [60, 20],
          [60, 40],
          [20, 40],
        ],
        direction: 'horizontal',
        heightPx: 20,
      },
      ...{ confidence: 0.6, confidenceSource: 'eyes', unwritable: false },
      characters: [
        { text: '扶', probability: 0.3 },
        { text: '墙', probability: 0.9 },
      ],
    };
    const reader: Reader = {
      id: 'eyes',
      capabilities: { languages: 'any', characterProbabilities: true },
      canWrite: () => true,
      read: async () => ({ text: '扶墙', lines: [line] }),
      close: async () => {},
    };
    const parts = partsOf(started, []);
    const senses = { ...parts.senses, see: { reader: 'eyes', describer: null } };
    const picture = await encodePng({ widthPx: 200, heightPx: 100, rgb: new Uint8Array(60_000).fill(200) });
    const { report } = await reportOf(
      { ...request, media: [{ kind: 'bytes', bytes: picture, name: 'a.png' }], model: 'qwen:qwen3-vl-plus' },
      { ...parts, senses, reader: async () => reader },
    );
    const server = started.running.get('qwen');
    expect(server?.faults).toEqual([]);
    expect(JSON.stringify(server?.seen.at(-1)?.json())).toContain('以下是图片的一部分，这里读出的文字“扶墙”可能有误');
    expect(report.answer.text).toContain('80×60的图片');
    expect(report.ledger.mitigations).toMatchObject([{ id: 'escalation', applied: true }]);
  });
});
