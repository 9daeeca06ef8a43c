import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocalVectorModel, openLocalVectorModel } from '#inject/index.ts';
import type { EmbeddingOptions, Figures } from './figures.ts';

/** Language models by their folders in the home. */
const MODELS = ['smollm2-135m-instruct', 'qwen2.5-coder-0.5b-instruct'];

const ALL_TEXTS = 16;
const QUICK_TEXTS = 4;
const SENTENCE = 'Remind me to buy milk, bread and two lemons before the shop closes at six.';

/**
 * How far rows of a model's own table are from its tokens, over fixed texts in four scripts and its chat template, beside what two ways
 * to cut the same tokens differ by; and the same for a prompt of words, rows and words.
 */
export async function evalRoundTrip({ home, signal, quick, tell }: EmbeddingOptions): Promise<Figures> {
  const figures: Record<string, Figures> = {};
  for (const name of MODELS) {
    const path = join(home, 'models', name, 'model.gguf');
    if (!(await isThere(path))) {
      figures[name] = { skipped: `${name} is not in ${join(home, 'models')}` };
      continue;
    }
    tell(`round trip: ${name}`);
    const model = await openLocalVectorModel({ id: name, path, signal });
    try {
      const { splitFloor, ...trip } = await model.roundTrip(quick ? QUICK_TEXTS : ALL_TEXTS, signal);
      const { tableType } = await model.fingerprint(signal);
      figures[name] = {
        ...trip,
        ...{ splitFloorMaxAbsDiff: splitFloor.maxAbsDiff, splitFloorMeanKl: splitFloor.meanKl, tableType },
        mixedMaxAbsDiff: await mixedDifference(model, trip.scale, signal),
      };
    } finally {
      await model.close();
    }
  }
  return figures;
}

/** The greatest difference of any logit between words, rows and words, and the same three pieces as tokens. */
async function mixedDifference(model: LocalVectorModel, scale: number, signal: AbortSignal): Promise<number> {
  const tokens = await model.templated(SENTENCE, signal);
  const cuts = [Math.floor(tokens.length / 3), Math.floor((tokens.length * 2) / 3)] as const;
  const [before, between, after] = [tokens.slice(0, cuts[0]), tokens.slice(...cuts), tokens.slice(cuts[1])];
  const rows = (await model.rows(between, signal)).map((value) => value * scale);
  const asTokens = await model.logits([{ tokens: before }, { tokens: between }, { tokens: after }], signal);
  const mixed = await model.logits([{ tokens: before }, { vectors: rows }, { tokens: after }], signal);
  let most = 0;
  for (const [at, logits] of asTokens.entries()) {
    const other = mixed[at] ?? new Float32Array();
    for (const [token, logit] of logits.entries())
      most = Math.max(most, Math.abs(logit - (other[token] ?? Number.NaN)));
  }
  return most;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
