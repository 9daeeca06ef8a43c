import type { DoubtfulSpan, Measured, Mitigation } from '#contract/ledger.ts';
import type { Perception, TextEdit } from '#contract/perception.ts';
import type { LanguageModel } from '#contract/ports.ts';
import type { Cost } from '#contract/report.ts';
import { movedThrough } from '#ledger/index.ts';
import { applyEdits, heardIn, languageOf, type Passage, passagesOf } from '#mend/index.ts';
import { type Dictionary, loadOneSpelling } from '#words/index.ts';
import { type Corrected, correctPlaces } from './correct.ts';
import { costOfAnswer } from './costs.ts';
import { type Changed, transcriptIn } from './mend-text.ts';
import type { Mend } from './mend-wishes.ts';
import { mitigationOf } from './mitigations.ts';
import type { Parts } from './parts.ts';
import type { Trip } from './trip.ts';

/** A text whose doubtful places are to be corrected. `before` are the edits already made; `doubts` counts in the text without them. */
export interface CorrectionOf {
  readonly perception: Perception;
  readonly before: readonly TextEdit[];
  readonly mend: Mend;
  readonly asked: LanguageModel;
  readonly doubts: () => Promise<{ readonly spans: readonly DoubtfulSpan[]; readonly errorRate: Measured }>;
}

/** Detects, has corrected, verifies. Edits count in the text with those of `before` made. Throws only when it is cancelled. */
export async function correction(
  of: CorrectionOf,
  parts: Parts,
  trip: Trip,
): Promise<Changed & { readonly costs: readonly Cost[] }> {
  const { perception, before, mend, asked } = of;
  const { part } = perception;
  const id = mend.corrector ?? asked.id;
  const nothing = (note: string) => ({
    ...{ edits: [], costs: [] },
    records: [mitigationOf({ id: 'correction', part, applied: false, by: id, note })],
  });
  const segments = transcriptIn(perception)?.segments;
  if (!segments) return nothing('Only what was heard is corrected: readers err by shape, and the gate goes by sound.');
  const { spans, errorRate } = await of.doubts();
  const text = applyEdits(perception.text, before);
  const questions = questionsIn(perception.text, text, segments, spans, before);
  if (questions.length === 0) return nothing('Nothing in it is doubtful.');

  const total = questions.length;
  const onAnswer = (done: number) => trip.emit({ kind: 'mending-moved', part, done, total });
  onAnswer(0);
  const isChinese = languageOf(text) === 'zh';
  const dictionary: Dictionary | null = isChinese ? await parts.dictionary(trip.signal) : null;
  const spelling = isChinese ? await loadOneSpelling() : undefined;
  const corrected = await correctPlaces(
    {
      ...{ questions, seconds: mend.correctSeconds, onAnswer },
      gate: { dictionary: dictionary ?? undefined, spelling },
      terms: mend.terms.flatMap((list) => list.map((term) => term.text)),
    },
    async () => (mend.corrector === null ? asked : parts.model(mend.corrector, trip.signal)),
    trip,
  );
  return {
    edits: corrected.edits,
    records: [recordOf(part, id, corrected, errorRate)],
    costs: corrected.answers.map((answer) => costOfAnswer(id, answer, parts.prices(id), !id.includes(':'))),
  };
}

function questionsIn(
  heard: string,
  text: string,
  segments: Parameters<typeof heardIn>[1],
  spans: readonly DoubtfulSpan[],
  before: readonly TextEdit[],
): Passage[][] {
  const stretches = heardIn(heard, segments).map((one) => ({ ...one, ...movedThrough(one, before) }));
  // What the glossary wrote is what the user says: nobody else is asked about it.
  const open = spans.filter(({ start, end }) => !before.some((edit) => edit.start < end && edit.end > start));
  const doubts = open.map((span) => ({
    ...movedThrough(span, before),
    pError: span.pError,
    candidates: span.alternatives.map((other) => other.text),
  }));
  return passagesOf(text, stretches, doubts);
}

function recordOf(part: string, by: string, corrected: Corrected, errorRateBefore: Measured): Mitigation {
  const { edits, refused, answers, why, places, charactersDeleted, particlesDeleted } = corrected;
  const refusals = Object.values(refused).reduce((sum, count) => sum + count, 0);
  const used = answers.map(({ usage }) => (usage ? usage.inputTokens + usage.outputTokens : null));
  return mitigationOf({
    ...{ id: 'correction', part, by, applied: answers.length > 0, refused, charactersDeleted, particlesDeleted },
    ...{ editsProposed: edits.length + refusals, editsAccepted: edits.length, errorRateBefore },
    addedTokens: used.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0),
    note: `${places} doubtful places were asked about, ${edits.length} changed.${why === null ? '' : ` ${why}`}`,
  });
}
