import type { DoubtfulSpan, Ledger, Measured } from '#contract/ledger.ts';
import type { Transcript } from '#contract/perception.ts';
import { doubtfulSpans } from '../doubtful.ts';
import type { LedgerInput } from '../ledger.ts';
import { transcriptIn } from '../transcripts.ts';
import { measured, noInterval, unmeasured } from '../unmeasured.ts';

export interface AccuracyFound {
  readonly loss: Ledger['loss']['accuracy'];
  readonly spans: readonly DoubtfulSpan[];
  readonly calibration: Ledger['calibration'];
}

/** Loss 1: where what turned a medium into text is probably wrong. */
export function accuracyOf({ perceptions }: LedgerInput): AccuracyFound {
  const transcripts = perceptions.flatMap(transcriptIn);
  return {
    loss: {
      errorRate: noInterval('Needs calibrated word probabilities.'),
      deletedChars: unmeasured('Needs a second reader or calibrated voiced-time alignment.'),
      hallucination: unmeasured('Only the rules that fired are known; see losses.'),
      hallucinationSignals: [],
      readers: readersOf(transcripts),
    },
    spans: perceptions.flatMap(doubtfulSpans),
    calibration: {
      ...{ profile: 'none', items: null, errors: null, auroc: null, ece: null, recallAtP60: null },
      reason: 'Probabilities come from the recogniser itself and are not calibrated.',
    },
  };
}

/** How far a second reader agrees with the first, over the stretches that both heard. */
function readersOf(transcripts: readonly Transcript[]): Measured {
  const heardTwice = transcripts.flatMap(({ segments }) => segments.flatMap(({ second }) => second ?? []));
  const [first] = heardTwice;
  if (!first) return unmeasured('Only one reader heard this.');
  const value = heardTwice.reduce((sum, { agreement }) => sum + agreement, 0) / heardTwice.length;
  return measured(value, `agreement:${first.engine}`);
}
