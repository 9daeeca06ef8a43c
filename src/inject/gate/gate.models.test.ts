import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { identity } from '../components/identity.ts';
import { openLocalVectorModel } from '../engine/local.ts';
import { HOSTILE } from './families/hostile.ts';
import { gateProbes } from './items.ts';
import { runGate } from './run-gate.ts';

const home = process.env.SENSORIUM_HOME ?? join(homedir(), '.cache', 'sensorium');
const MODELS = ['smollm2-135m-instruct', 'qwen2.5-coder-0.5b-instruct'];
const signal = new AbortController().signal;

for (const id of MODELS) {
  const path = join(home, 'models', id, 'model.gguf');
  const isHere = existsSync(path);
  if (!isHere) console.log(`gate: ${id} skipped, it is not in ${join(home, 'models')}.`);

  describe.skipIf(!isHere)(id, async () => {
    const model = isHere ? await openLocalVectorModel({ id, path, signal }) : null;
    afterAll(() => model?.close());
    if (!model) return;
    const items = gateProbes('en', 16);

    it('lets its own rows in, after an exact round trip in four scripts', async () => {
      const report = await runGate(await identity(model, signal), model, items, { signal });
      console.log(report.checks.map(({ check, outcome, measured }) => `${check} ${outcome}: ${measured}`).join('\n'));
      expect(report.grade).toBe('text-equivalent');
      expect(report.checks.find(({ check }) => check === 'round-trip')).toMatchObject({ outcome: 'passed', value: 0 });
      expect(report.t).toBeGreaterThan(10);
    });

    it.each(['permutedVocabulary', 'rotatedTable', 'shuffledItems'])(
      'refuses %s by what it does alone',
      async (name) => {
        const { width, vocabulary } = await model.fingerprint(signal);
        const table = {
          width,
          vocabulary: vocabulary ?? 0,
          rows: (tokens: readonly number[]) => model.rows(tokens, signal),
        };
        const make = await (HOSTILE[name] as NonNullable<(typeof HOSTILE)[string]>)(table, 11, null);
        const own = await identity(model, signal);
        const tokens: (readonly number[])[] = [];
        for (const { reference } of items) tokens.push(await model.tokenize(reference, signal));
        const spoiled = {
          ...own,
          embed: async (input: Parameters<typeof own.embed>[0], context: Parameters<typeof own.embed>[1]) => {
            const vectors = await own.embed(input, context);
            const at = items.findIndex((item) => item.input.part === input.part);
            const values = await make({ tokens: tokens[at] ?? [], at, items: tokens });
            return { ...vectors, values, rows: values.length / width };
          },
        };
        const report = await runGate(spoiled, model, items, { signal, skip: ['identity', 'round-trip', 'drift'] });
        expect(report.checks.find(({ check }) => check === 'behaviour')?.code).toBe('EMB_NO_INFORMATION');
        expect(report.grade).toBe('refused');
      },
    );
  });
}
