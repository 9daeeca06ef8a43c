import { expect, it } from 'vitest';
import type { AskRequest } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import type { GateCheck, GateReport } from '#contract/gate.ts';
import { Ledger } from '#contract/ledger.ts';
import type { EmbeddingComponent, LanguageModel } from '#contract/ports.ts';
import type { PromptVectors } from '#contract/prompt-vectors.ts';
import { listener, SAID, scripted } from './__fixtures__/mending.ts';
import { eventsOf, partsWith } from './__fixtures__/parts.ts';
import { answer } from './answer.ts';
import type { AnswerRequest } from './answer-request.ts';
import type { Injecting } from './injecting.ts';
import { tone } from './tiny-media.ts';

const REPORT = {
  ...{ component: 'own-table', model: 'scripted', items: 64, createdAt: '2026-11-26T00:00:00.000Z' },
  information: { value: 0.97, low: 0.9, high: 1, source: 'gate', reason: null },
} as GateReport;
const CHECK: GateCheck = {
  ...{ check: 'drift', outcome: 'passed', code: null, value: 1, measured: '1', threshold: '4', message: 'As usual.' },
  remedy: null,
};
const vectorsOf = (part: string, surrogate: string): PromptVectors => ({
  ...{ part, rows: 2, width: 2, values: new Float32Array([1, 2, 3, 4]), surrogate },
  ...{ sha256: 'a'.repeat(64), component: 'own-table' },
});

/** A component that makes two vectors of whatever text it is given, and says what it was given. */
function component(given: unknown[]): EmbeddingComponent {
  return {
    manifest: { id: 'own-table' } as EmbeddingComponent['manifest'],
    async embed(input) {
      given.push(input.text);
      return vectorsOf(input.part, input.text ?? '');
    },
    async close() {},
  };
}

/** A way of vectors in which the gate says `outcome` of every request. */
function injecting(model: LanguageModel, outcome: GateCheck['outcome'], given: unknown[] = []): Injecting {
  const code = outcome === 'passed' ? null : 'EMB_OUT_OF_RANGE';
  const check = { ...CHECK, outcome, code, message: 'Their norm is 30 × the usual.', remedy: 'Check again.' } as const;
  return {
    way: async (kind) =>
      kind === 'audio' ? { component: 'own-table', told: '0.97 of what text tells', asGoodAsText: true } : undefined,
    open: async () => ({ component: component(given), report: REPORT, check: () => [check] }),
    model: async () => model,
    check: async () => [check],
  };
}

/** Keeps what it is asked and answers the words of it. */
function takingVectors(asked: AskRequest[], embeddings: boolean, refusing: boolean): LanguageModel {
  const model = scripted('{}', []);
  return {
    ...model,
    capabilities: { ...model.capabilities, embeddings },
    ask(request, context) {
      asked.push(request);
      const hasVectors = ({ content }: AskRequest['messages'][number]) =>
        typeof content !== 'string' && content.some(({ kind }) => kind === 'vectors');
      if (refusing && request.messages.some(hasVectors))
        throw new SensoriumError('ask.refused', 'You must set --enable-prompt-embeds.');
      return model.ask({ ...request, messages: [{ role: 'user', content: 'words' }] }, context);
    },
  };
}

async function ask(request: Partial<AnswerRequest>, outcome: GateCheck['outcome'], takes = true, refusing = false) {
  const asked: AskRequest[] = [];
  const given: unknown[] = [];
  const model = takingVectors(asked, takes, refusing);
  const media = [{ kind: 'bytes', bytes: tone(2), name: 'tone.wav' }] as const;
  const whole = { question: '他在做什么？', media, voice: null, speed: 1, model: 'scripted', ...request };
  const parts = partsWith(listener(), { model: async () => model, injecting: injecting(model, outcome, given) });
  const last = (await eventsOf(answer(whole, parts))).at(-1);
  if (last?.kind !== 'report-made') throw new Error(`It ended with ${last?.kind}.`);
  return { report: last.report, content: asked.at(-1)?.messages.at(-1)?.content, given };
}

it('hands what was heard to the model as vectors, between the tags a text would have, and says how well that works', async () => {
  const { report, content, given } = await ask({}, 'passed');
  expect(given).toEqual([SAID]);
  expect(content).toEqual([
    { kind: 'text', text: '<recording>\n' },
    { kind: 'vectors', vectors: expect.objectContaining({ rows: 2, surrogate: SAID }) },
    { kind: 'text', text: '\n</recording>\n\n' },
    { kind: 'text', text: '问题：他在做什么？' },
  ]);
  expect(report.plan).toMatchObject([{ route: 'embedding', engine: 'own-table' }]);
  expect(report.ledger.inputs).toMatchObject([{ fate: expect.stringContaining('embedding by own-table') }]);
  expect(report.ledger.loss.embedding.compatibility).toMatchObject({ value: 0.97 });
  expect(Ledger.parse(report.ledger)).toEqual(report.ledger);
});

it('goes back to text where the gate refuses what was made, and notes it', async () => {
  const { report, content } = await ask({}, 'refused');
  expect(content).toContain(SAID);
  expect(report.plan).toMatchObject([{ route: 'text', alternatives: [{}, { route: 'embedding', feasible: false }] }]);
  expect(report.ledger.losses).toContainEqual(
    expect.objectContaining({ kind: 'fell-back', stage: 'embed', part: 'part-1' }),
  );
  expect(report.ledger.loss.embedding.compatibility.value).toBeNull();
});

it('goes on where the gate only warns, and notes that', async () => {
  const { report } = await ask({}, 'warned');
  expect(report.plan).toMatchObject([{ route: 'embedding' }]);
  expect(report.ledger.losses).toContainEqual(
    expect.objectContaining({
      ...{ kind: 'vectors-drifted', engine: 'own-table' },
      ...{ message: 'Their norm is 30 × the usual.', action: 'Check again.' },
    }),
  );
});

const BROUGHT: Partial<AnswerRequest> = {
  question: null,
  media: [],
  turns: [
    { role: 'user', content: [{ kind: 'vectors', vectors: { ...vectorsOf('vectors-1', '一段话'), component: null } }] },
  ],
};

it('hands over the vectors a caller brought, which nobody has measured', async () => {
  const { report, content } = await ask(BROUGHT, 'passed');
  expect(content).toEqual([{ kind: 'vectors', vectors: expect.objectContaining({ part: 'vectors-1' }) }]);
  expect(report.ledger.loss.embedding.compatibility.reason).toContain('vectors-1');
});

it('gives their words instead where the model takes no vectors or they do not pass, and refuses where they are required', async () => {
  for (const [outcome, takes] of [
    ['passed', false],
    ['refused', true],
  ] as const) {
    const { report, content } = await ask(BROUGHT, outcome, takes);
    expect(content).toBe('一段话');
    expect(report.ledger.losses).toMatchObject([{ kind: 'fell-back', stage: 'embed' }]);
  }
  const wish = { route: 'embedding', policy: 'require' } as const;
  await expect(ask({ ...BROUGHT, wish }, 'refused')).rejects.toMatchObject({
    code: 'inject.refused-by-gate',
    details: { code: 'EMB_OUT_OF_RANGE', fallback: 'text' },
  });
});

it('asks the model again with words where it refuses the vectors it was handed', async () => {
  const { report, content } = await ask({}, 'passed', true, true);
  expect(content).toContain(SAID);
  expect(report.plan).toMatchObject([{ route: 'text' }]);
  expect(report.ledger.losses).toContainEqual(
    expect.objectContaining({
      kind: 'fell-back',
      stage: 'ask',
      action: 'Asked it again without handing vectors over.',
    }),
  );
  const brought = await ask(BROUGHT, 'passed', true, true);
  expect(brought.content).toBe('一段话');
});
