import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { SensoriumError } from '#contract/error.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import type { Dictionary } from '#words/index.ts';
import { type Flags, flagFigures } from './flags.ts';
import { type GateResults, gateFigures } from './gate.ts';
import { type GlossaryResults, glossaryFigures } from './glossary.ts';
import { type HomophoneFigures, homophoneFigures } from './homophones.ts';
import { type Kept, keptFigures } from './kept.ts';
import { type ScorerFigures, scorerFigures } from './scorer.ts';

/** How good the ledger's own signals are, on recorded hypotheses. Intervals are for 95 of 100 draws of speakers. */
export interface LedgerEvaluation {
  readonly scorer: ScorerFigures;
  readonly flags: Flags;
  readonly gate: GateResults;
  readonly glossary: GlossaryResults;
  readonly homophones: HomophoneFigures;
  readonly kept: Kept;
}

export interface LedgerEvaluationOptions {
  /** Holds `<set>-asr-hypotheses.tsv`. */
  readonly folder: string;
  readonly dictionary: Dictionary;
  readonly signal: AbortSignal;
  onStep?(what: string): void;
}

/** Measures everything that the files of a folder allow; nothing is fitted to them but what is cross-validated within. */
export async function evaluateLedger({
  folder,
  dictionary,
  signal,
  onStep,
}: LedgerEvaluationOptions): Promise<LedgerEvaluation> {
  await refuseEmpty(folder);
  const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    throwIfCancelled(signal);
    onStep?.(what);
    return work();
  };
  return {
    scorer: await step('scores beside those of jiwer and sclite', () => scorerFigures(folder)),
    flags: await step('words that may be wrong', () => flagFigures(folder, dictionary)),
    gate: await step('the pinyin gate', () => gateFigures(folder, dictionary)),
    glossary: await step('the glossary', () => glossaryFigures(folder, dictionary)),
    homophones: await step('homophones', () => homophoneFigures(folder, dictionary)),
    kept: await step('particles and gaps', () => keptFigures(folder)),
  };
}

async function refuseEmpty(folder: string): Promise<void> {
  const files = existsSync(folder) ? await readdir(folder) : [];
  if (files.some((name) => name.endsWith('-asr-hypotheses.tsv'))) return;
  throw new SensoriumError('media.not-found', `${folder} has no file called SET-asr-hypotheses.tsv.`, {
    hint: 'Name a folder that has one: a row an utterance, with the columns id, reference, and those of recognisers and correctors.',
  });
}
