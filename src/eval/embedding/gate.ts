import { access } from 'node:fs/promises';
import { join } from 'node:path';
import {
  calibrateGate,
  type Exam,
  foreignTable,
  type GateRun,
  gateProbes,
  openLocalVectorModel,
} from '#inject/index.ts';
import { openEmbeddingTable } from '#tokens/index.ts';
import type { EmbeddingOptions, Figures } from './figures.ts';

/** Each with the language it was trained on, and the other whose table is foreign to it. */
const MODELS = {
  'smollm2-135m-instruct': { language: 'en', foreign: 'qwen2.5-coder-0.5b-instruct' },
  'qwen2.5-coder-0.5b-instruct': { language: 'both', foreign: 'smollm2-135m-instruct' },
} as const;

const ITEMS = 24;
const QUICK_ITEMS = 16;
const SEEDS = { hostile: 50, positive: 5, between: 1 };
const QUICK_SEEDS = { hostile: 1, positive: 1, between: 0 };

/**
 * Whom the gate lets in by behaviour alone: ten families of vectors no model can understand, with so many seeds each, and controls that
 * must pass, on real models. `between` are vectors that tell a model something though little, which belong to neither.
 */
export async function evalGate({ home, signal, quick, tell }: EmbeddingOptions): Promise<Figures> {
  const fileOf = (model: string) => join(home, 'models', model, 'model.gguf');
  const measured = Object.entries(MODELS).map(async ([id, { language, foreign }]) => {
    const missing = await missingOf([id, foreign], fileOf);
    if (missing) return [id, { skipped: `${missing} is not in ${join(home, 'models')}` }] as const;
    const model = await openLocalVectorModel({ id, path: fileOf(id), signal });
    const other = await openEmbeddingTable(fileOf(foreign), signal);
    const sofar: GateRun[] = [];
    try {
      const exam = await calibrateGate(model, {
        signal,
        references: gateProbes(language, quick ? QUICK_ITEMS : ITEMS).map(({ reference }) => reference),
        seeds: quick ? QUICK_SEEDS : SEEDS,
        foreign: foreignTable(other),
        onRun: (run, done, total) => {
          sofar.push(run);
          if (done % 20 === 0 || done === total) tell(`gate: ${id} ${done} of ${total}, ${tally(sofar)}`);
        },
      });
      return [id, figuresOf(exam)] as const;
    } finally {
      await model.close();
      await other.close();
    }
  });
  // Both at once: an engine computes on one thread.
  const settled = await Promise.allSettled(measured);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return Object.fromEntries(settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
}

/** What the runs until now come to, for whoever watches an hour of them. */
function tally(runs: readonly GateRun[]): string {
  const of = (kind: GateRun['kind']) => runs.filter((run) => run.kind === kind);
  const letIn = (some: readonly GateRun[]) => some.filter(({ accepted }) => accepted).length;
  const [hostile, positive] = [of('hostile'), of('positive')];
  return `${hostile.length - letIn(hostile)} of ${hostile.length} hostile refused, ${letIn(positive)} of ${positive.length} positives let in`;
}

async function missingOf(models: readonly string[], fileOf: (model: string) => string): Promise<string | undefined> {
  for (const model of models) {
    const isThere = await access(fileOf(model)).then(
      () => true,
      () => false,
    );
    if (!isThere) return model;
  }
  return undefined;
}

/** What the runs of one model come to. */
export function figuresOf({ runs, calibration }: Exam): Figures {
  const of = (kind: GateRun['kind']) => runs.filter((run) => run.kind === kind);
  const [hostile, positive] = [of('hostile'), of('positive')];
  return {
    hostileRefused: calibration.negativesRefused,
    hostileTotal: calibration.negatives,
    positivesAccepted: calibration.positivesAccepted,
    positivesTotal: calibration.positives,
    threshold: calibration.threshold,
    /** The highest information share and t of a hostile run, and the lowest of a positive. */
    worstHostileShare: Math.max(...hostile.map(({ share }) => share.value)),
    worstHostileT: Math.max(...hostile.map(({ t }) => t)),
    weakestPositiveShare: Math.min(...positive.map(({ share }) => share.low ?? 0)),
    /** Hostile runs that the checks before behaviour would have refused as well. */
    refusedByIdentityToo: hostile.filter(({ refusedByIdentity }) => refusedByIdentity).length,
    refusedByDriftToo: hostile.filter(({ refusedByDrift }) => refusedByDrift).length,
    hostileItemsMean: hostile.reduce((sum, { items }) => sum + items, 0) / Math.max(1, hostile.length),
    families: Object.fromEntries(
      [...new Set(runs.map(({ family }) => family))].map((family) => [
        family,
        familyFigures(runs.filter((run) => run.family === family)),
      ]),
    ),
    roc: calibration.roc,
  };
}

function familyFigures(runs: readonly GateRun[]): Figures {
  const count = (of: (run: GateRun) => boolean) => runs.filter(of).length;
  const mean = (of: (run: GateRun) => number) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  return {
    kind: runs[0]?.kind ?? '',
    runs: runs.length,
    accepted: count(({ accepted }) => accepted),
    shareMean: mean(({ share }) => share.value),
    shareMost: Math.max(...runs.map(({ share }) => share.value)),
    shareLeast: Math.min(...runs.map(({ share }) => share.value)),
    tMost: Math.max(...runs.map(({ t }) => t)),
    itemsMean: mean(({ items }) => items),
    refusedByIdentity: count(({ refusedByIdentity }) => refusedByIdentity),
    refusedByDrift: count(({ refusedByDrift }) => refusedByDrift),
  };
}
