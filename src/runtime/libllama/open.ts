import { type Engine, engineOf } from './engine.ts';
import { loadModel } from './model.ts';
import { engineUnusable } from './refusals.ts';
import { passes, type RoundTrip, roundTrip } from './round-trip.ts';
import { AT_EVERY_START } from './sample-texts.ts';
import { openTable, type Table, type TablePlace } from './table.ts';

/** What to load; what of the file's head the engine does not show is read before. */
export interface Weights {
  readonly path: string;
  readonly contextTokens: number;
  readonly threads: number;
  readonly table: TablePlace;
  readonly template: string | null;
  /** The model wants token numbers in deeper layers (Gemma 3n): rows cannot stand for tokens. */
  readonly perLayerInputs: boolean;
}

/** A model that takes vectors, after its round trip. */
export interface Opened {
  readonly engine: Engine;
  readonly table: Table;
  /** `null` where rows may not go in at all. */
  readonly roundTrip: RoundTrip | null;
}

/** Loads a model, and shows that rows of its own table are its tokens. Throws `inject.engine-unusable` where they are not. */
export async function openEngine(weights: Weights, signal: AbortSignal): Promise<Opened> {
  const model = await loadModel(weights);
  const engine = engineOf(model);
  const table = await openTable(weights.path, weights.table, model.libraries);
  if (table.width !== model.tokenWidth || table.count < model.vocabulary) {
    throw engineUnusable(
      'EMB_ENGINE_ABI',
      `The table has ${table.count} rows of ${table.width}; the engine speaks of ${model.vocabulary} of ${model.tokenWidth}.`,
    );
  }
  if (weights.perLayerInputs) return { engine, table, roundTrip: null };
  const found = await roundTrip(engine, table, weights.template, { texts: AT_EVERY_START, withFloor: false }, signal);
  if (!passes(found)) {
    const { meanKl, maxAbsDiff, argmaxAgreement } = found;
    throw engineUnusable(
      'EMB_ROUNDTRIP',
      `Rows of the model’s own table are not its tokens to it: mean divergence ${meanKl.toPrecision(3)} nats.`,
      { details: { meanKl, maxAbsDiff, argmaxAgreement }, hint: 'What goes to this model goes as text.' },
    );
  }
  return { engine, table, roundTrip: found };
}

/** Throws `inject.engine-unusable` for a model to which no rows may go. */
export function mustTakeRows({ roundTrip: found }: Opened): void {
  if (found !== null) return;
  throw engineUnusable('EMB_NEEDS_TOKEN_IDS', 'This model looks up token numbers in deeper layers; rows have none.', {
    hint: 'What goes to this model goes as text.',
  });
}
