import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { fakeLanguageModel } from '#ask/fake.ts';
import { openFoundModels } from '#pipeline/found.ts';
import { probeModel } from '#pipeline/probe-model.ts';
import { redSquare, tone } from '#pipeline/tiny-media.ts';
import { partsAt, reportOf, type Servers, startServers } from './open.ts';

let servers: Servers | undefined;
afterEach(() => servers?.close());

const PICTURE = { kind: 'bytes', bytes: redSquare(), name: 'red' } as const;
const SOUND = { kind: 'bytes', bytes: tone(4), name: 'tone' } as const;
const QUESTION = '这是什么？';
const signal = new AbortController().signal;

async function serve(...names: string[]): Promise<Servers> {
  servers = await startServers(names);
  return servers;
}
const lostIn = ({ report }: Awaited<ReturnType<typeof reportOf>>) => report.ledger.losses.map(({ kind }) => kind);
const server = (name: string) => {
  const one = servers?.running.get(name);
  if (!one) throw new Error(`${name} does not run.`);
  return one;
};

it('asks the next model of the chain when the first cannot answer, and says so', async () => {
  const { providers } = await serve('qwen', 'glm');
  server('qwen').play('bad-key');
  const parts = partsAt(providers, 'none', { fallbacks: ['glm:glm-4.6'] });
  const got = await reportOf({ question: QUESTION, model: 'qwen:qwen-plus' }, parts);
  expect(got.report.answer.text).not.toBe('');
  expect(server('glm').seen).toHaveLength(1);
  const [loss] = got.report.ledger.losses;
  expect(loss).toMatchObject({ kind: 'fell-back', engine: 'qwen:qwen-plus', action: 'Asked glm:glm-4.6 instead.' });
  expect(got.report.costs).toMatchObject([{ stage: 'ask', engine: 'glm:glm-4.6', amount: null }]);
});

it('asks nobody else after the caller’s own mistake, nor once something has been said', async () => {
  const { providers } = await serve('qwen', 'glm');
  const parts = partsAt(providers, 'none', { fallbacks: ['glm:glm-4.6'] });
  for (const name of ['filtered-input', 'cut-off']) {
    server('qwen').play(name);
    await expect(reportOf({ question: QUESTION, model: 'qwen:qwen-plus' }, parts)).rejects.toMatchObject({
      code: name === 'cut-off' ? 'ask.upstream-failed' : 'ask.refused',
    });
  }
  expect(server('glm').seen).toHaveLength(0);
});

it('hands over as text what a model breaks over, and keeps to the model', async () => {
  const { providers } = await serve('vllm', 'openai');
  server('vllm').play('error-500', 1);
  const model = 'vllm:Qwen/Qwen2-Audio-7B-Instruct';
  const got = await reportOf({ question: QUESTION, media: [SOUND], model }, partsAt(providers, 'openai:whisper-1'));
  expect(got.report.plan[0]).toMatchObject({ route: 'text', engine: 'openai:whisper-1' });
  expect(lostIn(got)).toContain('fell-back');
  expect(server('vllm').seen).toHaveLength(2);
});

it('tries once what nobody knows, remembers the refusal, and does not try again', async () => {
  const { providers } = await serve('openai');
  const home = mkdtempSync(join(tmpdir(), 'sensorium-found-'));
  const found = openFoundModels(home);
  const house = { ...providers.openai, dialect: undefined };
  const withHouse = () => ({ ...providers, house: { ...house, found: found.of('house') } });
  const first = await reportOf(
    { question: QUESTION, media: [PICTURE], model: 'house:seer' },
    partsAt(withHouse(), 'none', { found }),
  );
  expect(first.report.plan[0]).toMatchObject({ route: 'native' });
  expect(first.report.plan[0]?.reasons.at(-1)).toContain('Nobody has established');
  expect(openFoundModels(home).of('house').seer?.facts).toEqual({ takes: { image: true } });
  const second = await reportOf(
    { question: QUESTION, media: [PICTURE], model: 'house:seer' },
    partsAt(withHouse(), 'none'),
  );
  expect(second.report.plan[0]?.reasons).toEqual([
    'house:seer takes image itself, so nothing is lost before the model.',
  ]);

  server('openai').play('filtered-input', 1);
  const faithful = { route: 'auto', policy: 'most-faithful' } as const;
  const refused = reportOf(
    { question: QUESTION, media: [SOUND], model: 'house:ears', wish: faithful },
    partsAt(withHouse(), 'openai:whisper-1', { found }),
  );
  expect((await refused).report.plan[0]?.route).toBe('text');
  expect(found.of('house').ears?.facts).toEqual({ takes: { audio: false } });
});

it('counts more tokens as the proof that a live model took a medium, and remembers what it found', async () => {
  const { providers } = await serve('qwen');
  const found = openFoundModels(mkdtempSync(join(tmpdir(), 'sensorium-found-')));
  const probe = await probeModel(
    'qwen:qwen3-vl-plus',
    ['image', 'audio', 'document'],
    partsAt(providers, 'none', { found }),
    signal,
  );
  expect(probe.questionTokens).toBeGreaterThan(0);
  expect(probe.kinds).toMatchObject([
    { kind: 'image', takes: true, before: true, evidence: 'it answered and counted 18 tokens, 6 more than without it' },
    { kind: 'audio', takes: false, before: false },
    { kind: 'document', takes: 'unknown', evidence: 'there is no form for application/pdf in this API' },
  ]);
  expect(found.of('qwen')['qwen3-vl-plus']?.facts).toEqual({ takes: { image: true, audio: false } });
  await expect(
    probeModel('smollm2-135m-instruct', ['image'], partsAt(providers, 'none'), signal),
  ).rejects.toMatchObject({
    code: 'ask.unknown-model',
  });
});

it('goes on without what stands beside a native part when that cannot be had, and says so', async () => {
  const { providers } = await serve('qwen');
  server('qwen').play('happy');
  const broken = partsAt(providers, 'qwen:qwen3-asr-flash', {
    recogniser: async () => {
      const { SensoriumError } = await import('#contract/error.ts');
      throw new SensoriumError('hear.unreachable', 'Nobody is there.');
    },
  });
  const wish = { route: 'hybrid', policy: 'prefer' } as const;
  const got = await reportOf({ question: QUESTION, media: [SOUND], model: 'qwen:qwen3-omni-flash', wish }, broken);
  expect(got.report.plan[0]).toMatchObject({ route: 'native', beside: { engine: 'qwen:qwen3-asr-flash' } });
  expect(got.report.ledger.losses).toContainEqual(
    expect.objectContaining({ kind: 'sound-dropped', stage: 'perceive' }),
  );
});

it('puts a transcript beside the recording where hybrid was asked for, and charges nothing to nobody', async () => {
  const { providers } = await serve('qwen');
  const wish = { route: { audio: 'hybrid' }, policy: 'auto' } as const;
  const prices = { currency: 'CNY', inputPerMillion: 1, outputPerMillion: 2, date: '2026-11-26' };
  const parts = partsAt(providers, 'qwen:qwen3-asr-flash', { prices: () => prices });
  const { report } = await reportOf(
    { question: QUESTION, media: [SOUND], model: 'qwen:qwen3-omni-flash', wish },
    parts,
  );
  const chat = server('qwen').seen.at(-1)?.bytes.toString('utf8') ?? '';
  expect(chat).toContain('"input_audio"');
  expect(chat).toContain(report.perceptions[0]?.text);
  expect(report.costs).toMatchObject([
    { stage: 'perceive', amount: null, reason: expect.stringContaining('charges') },
    { stage: 'ask', currency: 'CNY', amount: expect.any(Number), priceDate: '2026-11-26' },
  ]);
});

it('says when a model that was to speak itself answered without a voice', async () => {
  const fake = fakeLanguageModel();
  const model = { ...fake, capabilities: { ...fake.capabilities, output: { text: true, audio: 'unknown' } } } as const;
  const mute = partsAt({}, 'none', { model: async () => model });
  const got = await reportOf({ question: QUESTION, voice: 'model' }, mute);
  expect(got.report.speech).toBeNull();
  expect(got.report.ledger.losses).toContainEqual(expect.objectContaining({ kind: 'speech-failed', stage: 'ask' }));
});
