import { hasPerLayerInputs, readGguf } from '#tokens/index.ts';
import { type Engine, engineOf } from './engine.ts';
import { loadModel } from './model.ts';
import { engineUnusable } from './refusals.ts';
import { passes, type RoundTrip, roundTrip } from './round-trip.ts';
import { AT_EVERY_START } from './sample-texts.ts';
import { openTable, type Table } from './table.ts';

/** What to load, and how much room and how many threads it gets. */
export interface Weights {
  readonly path: string;
  readonly contextTokens: number;
  readonly threads: number;
}

/** A model that takes vectors, after its round trip. */
export interface Opened {
  readonly engine: Engine;
  readonly table: Table;
  /** The model's own chat template. */
  readonly template: string | null;
  /** `null` where rows may not go in at all. */
  readonly roundTrip: RoundTrip | null;
}

/** Loads a model, and shows that rows of its own table are its tokens. Throws `inject.engine-unusable` where they are not. */
export async function openEngine(weights: Weights, signal: AbortSignal): Promise<Opened> {
  const model = await loadModel(weights);
  const engine = engineOf(model);
  const file = await readGguf(weights.path, signal);
  const place = file.tensor('token_embd.weight');
  if (place === undefined) throw engineUnusable('EMB_ENGINE_ABI', 'The file has no input table.');
  const table = await openTable(weights.path, place, model.libraries);
  const template = file.text('tokenizer.chat_template') ?? null;
  if (table.width !== model.tokenWidth || table.count < model.vocabulary) {
    throw engineUnusable(
      'EMB_ENGINE_ABI',
      `The table has ${table.count} rows of ${table.width}; the engine speaks of ${model.vocabulary} of ${model.tokenWidth}.`,
    );
  }
  if (hasPerLayerInputs(file)) return { engine, table, template, roundTrip: null };
  const found = await roundTrip(engine, table, template, { texts: AT_EVERY_START, withFloor: false }, signal);
  if (!passes(found)) {
    const { meanKl, maxAbsDiff, argmaxAgreement } = found;
    throw engineUnusable(
      'EMB_ROUNDTRIP',
      `Rows of the model’s own table are not its tokens to it: mean divergence ${meanKl.toPrecision(3)} nats.`,
      { details: { meanKl, maxAbsDiff, argmaxAgreement }, hint: 'What goes to this model goes as text.' },
    );
  }
  return { engine, table, template, roundTrip: found };
}

/** Throws `inject.engine-unusable` for a model to which no rows may go. */
export function mustTakeRows({ roundTrip: found }: Opened): void {
  if (found !== null) return;
  throw engineUnusable('EMB_NEEDS_TOKEN_IDS', 'This model looks up token numbers in deeper layers; rows have none.', {
    hint: 'What goes to this model goes as text.',
  });
}
