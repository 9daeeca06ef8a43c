import type { Sensorium } from '#pipeline/index.ts';
import { readManifest } from './manifest.ts';
import { evaluateRow, type RowResult } from './row.ts';
import { type Summary, summarise } from './summary.ts';

export interface EvaluateOptions {
  /** A folder with `manifest.jsonl`. */
  readonly folder: string;
  /** Tells the recogniser the language of each row instead of letting it find out. */
  readonly declare: boolean;
  /** Rows of this modality only. */
  readonly only?: string | undefined;
  readonly signal: AbortSignal;
  readonly onRow?: ((result: RowResult, done: number, total: number) => void) | undefined;
}

export interface Evaluation {
  readonly rows: readonly RowResult[];
  readonly summary: Summary;
}

/**
 * Turns every file of a manifest into text and compares it with what is known to be in it. Nothing is left out in silence: what could
 * not be scored says why. Throws `media.not-found`, `config.invalid` and `kit.cancelled`.
 */
export async function evaluatePerception(sensorium: Sensorium, options: EvaluateOptions): Promise<Evaluation> {
  const { folder, only } = options;
  const manifest = (await readManifest(folder)).filter(({ modality }) => only === undefined || modality === only);
  const rows: RowResult[] = [];
  for (const row of manifest) {
    const result = await evaluateRow(row, folder, sensorium, options);
    rows.push(result);
    options.onRow?.(result, rows.length, manifest.length);
  }
  return { rows, summary: summarise(rows) };
}
