import type { DoubtfulSpan, Ledger, Measured } from '#contract/ledger.ts';
import type { Perception, Transcript } from '#contract/perception.ts';
import type { Dictionary } from '#words/index.ts';
import { doubtfulSpans } from '../doubtful.ts';
import type { LedgerInput } from '../ledger.ts';
import { transcriptIn } from '../transcripts.ts';
import { measured, unmeasured } from '../unmeasured.ts';
import { deletionsOf } from './deletions.ts';
import { factoryProfiles } from './factory.ts';
import { hallucinationOf } from './hallucination.ts';
import { type JudgedText, type JudgedUnit, judgeText } from './judge.ts';
import type { CalibrationProfile } from './profile.ts';
import { errorRateOf } from './rate.ts';

export interface AccuracyFound {
  readonly loss: Ledger['loss']['accuracy'];
  /** Placed in the texts before mending. */
  readonly spans: readonly DoubtfulSpan[];
  readonly calibration: Ledger['calibration'];
}

/** What probabilities are made with: word frequencies, and the user's own profile; `null` where they cannot be had. */
export interface AccuracyKnowledge {
  readonly dictionary: Dictionary | null;
  readonly profile?: CalibrationProfile | null | undefined;
}

/**
 * Loss 1: where what turned a medium into text is probably wrong. Probabilities are calibrated where a profile fits the signals that
 * are there: the user's own first, then those of the factory, those with more signals before those with fewer. Where none fits, the recogniser's
 * own confidence stands, and is called raw; without that nothing is listed and the error rate is `null`.
 */
export function accuracyOf(input: LedgerInput, { dictionary, profile }: AccuracyKnowledge): AccuracyFound {
  const { perceptions } = input;
  const profiles = [...(profile ? [profile] : []), ...factoryProfiles()];
  const texts = perceptions.map((one) => judgeText(one, profiles, dictionary));
  const judged = texts.flatMap((one) => one.judged);
  const { probability, signals } = hallucinationOf(input);
  return {
    loss: {
      errorRate: errorRateOf(
        texts.reduce((sum, { units }) => sum + units, 0),
        judged,
      ),
      deletedChars: deletionsOf(input),
      hallucination: probability,
      hallucinationSignals: [...signals],
      readers: readersOf(perceptions.flatMap(transcriptIn)),
    },
    spans: perceptions.flatMap((one, at) => spansOf(one, texts[at])),
    calibration: calibrationOf(judged, profile ?? null),
  };
}

/** The calibrated places, and the raw ones of what could not be judged. */
function spansOf(perception: Perception, text: JudgedText | undefined): DoubtfulSpan[] {
  const { judged = [], spans = [] } = text ?? {};
  const isJudged = ({ start, end }: DoubtfulSpan) => judged.some((unit) => unit.start < end && unit.end > start);
  return [...spans, ...doubtfulSpans(perception).filter((span) => !isJudged(span))].sort((a, b) => a.start - b.start);
}

/** What is said of how probabilities came about: of the profile that judged most. */
function calibrationOf(judged: readonly JudgedUnit[], own: CalibrationProfile | null): Ledger['calibration'] {
  const counts = new Map<CalibrationProfile, number>();
  for (const { profile } of judged) counts.set(profile, (counts.get(profile) ?? 0) + 1);
  const [most] = [...counts].sort((a, b) => b[1] - a[1]).map(([profile]) => profile);
  if (!most) {
    return {
      ...{ profile: 'none', items: null, errors: null, auroc: null, ece: null, recallAtP60: null },
      reason: 'No profile fits what is known of this text: probabilities are those of the recogniser, not calibrated.',
    };
  }
  const { id, items, errors, auroc, ece, recallAtP60, domain } = most;
  const reason =
    most === own
      ? null
      : `Fitted on ${domain}; elsewhere it may be off: \`sensorium calibrate\` makes a profile of your own.`;
  return { profile: id, items, errors, auroc, ece, recallAtP60, reason };
}

/** How far a second reader agrees with the first, over the stretches that both heard. */
function readersOf(transcripts: readonly Transcript[]): Measured {
  const heardTwice = transcripts.flatMap(({ segments }) => segments.flatMap(({ second }) => second ?? []));
  const [first] = heardTwice;
  if (!first) return unmeasured('Only one reader heard this.');
  const value = heardTwice.reduce((sum, { agreement }) => sum + agreement, 0) / heardTwice.length;
  return measured(value, `agreement:${first.engine}`);
}
