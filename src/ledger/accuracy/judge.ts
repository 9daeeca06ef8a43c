import type { DoubtfulSpan } from '#contract/ledger.ts';
import { type Perception, type TextLine, textBeforeMending } from '#contract/perception.ts';
import { codePoints } from '#kit/code-points.ts';
import type { Dictionary } from '#words/index.ts';
import { isMandarin } from '../model/homophones.ts';
import { transcriptIn } from '../transcripts.ts';
import { alternativesOf, likelierIn } from './alternatives.ts';
import { type CalibrationProfile, probabilityOf } from './profile.ts';
import { rowsOf, type Signalled, signalsOf } from './signals.ts';
import { type HeardStretch, heardStretches } from './stretches.ts';
import { unitsOf } from './units.ts';

/**
 * Places from this probability on are listed. Of the characters from here on 0.61 were wrong, and 0.56 of the wrong ones were here
 * (recorded hypotheses, two readers, by speakers left out; docs/decisions/2026-11-26-calibration.md).
 */
export const LISTED_FROM = 0.3;

/** A character or word of a text with the probability that it is wrong. `start` and `end` are places in the text before mending. */
export interface JudgedUnit {
  readonly start: number;
  readonly end: number;
  readonly p: number;
  readonly profile: CalibrationProfile;
}

/** What could be said of a perception: of `units` that can be right or wrong, those that a profile fits; of these, the doubtful places. */
export interface JudgedText {
  readonly units: number;
  readonly judged: readonly JudgedUnit[];
  readonly spans: readonly DoubtfulSpan[];
}

/**
 * Judges what was heard, stretch by stretch, each by the first profile whose signals it has; units that none fits are left out. What was read
 * from a picture is only counted: its probabilities are the reader's own.
 */
export function judgeText(
  perception: Perception,
  profiles: readonly CalibrationProfile[],
  dictionary: Dictionary | null,
): JudgedText {
  const judged: JudgedUnit[] = [];
  const spans: DoubtfulSpan[] = [];
  let units = linesIn(perception).reduce((sum, { text }) => sum + unitsOf(text).length, 0);
  for (const transcript of transcriptIn(perception)) {
    const words = isMandarin(transcript.language) ? dictionary : null;
    for (const stretch of heardStretches(transcript.segments, perception.text)) {
      const signalled = signalsOf(stretch.heard, words);
      units += signalled.units.length;
      const found = judgeStretch(signalled, profiles, transcript.engine);
      const placed = placeOf(perception, stretch.start);
      for (const one of found) if (one) judged.push({ ...one, ...placed(one.start, one.end) });
      const runs = runsOf(found);
      const likelier = runs.length > 0 ? likelierIn(stretch.heard.text, words) : new Map();
      for (const run of runs) spans.push(spanOf(run, { part: perception.part, stretch, signalled, likelier, placed }));
    }
  }
  return { units, judged, spans };
}

function linesIn(perception: Perception): readonly TextLine[] {
  if (perception.kind === 'picture') return perception.lines;
  return perception.kind === 'document' ? perception.pages.flatMap(({ lines }) => lines) : [];
}

/** Of each unit the probability by the first profile that fits its kind, the engine, and what is known of the stretch. */
function judgeStretch(
  signalled: Signalled,
  profiles: readonly CalibrationProfile[],
  engine: string,
): (JudgedUnit | null)[] {
  const chosen = new Map<string, { profile: CalibrationProfile; rows: number[][] } | null>();
  for (const kind of ['han', 'word'] as const) {
    const fitting = profiles.find(
      (profile) =>
        profile.unit === kind &&
        (profile.engine === null || engine.includes(profile.engine)) &&
        profile.signals.every((signal) => signalled.rows.has(signal)),
    );
    const rows = fitting ? rowsOf(signalled, fitting.signals) : null;
    chosen.set(kind, fitting && rows ? { profile: fitting, rows } : null);
  }
  return signalled.units.map(({ kind, start, end }, at) => {
    const by = chosen.get(kind);
    const row = by?.rows[at];
    return by && row ? { start, end, p: probabilityOf(by.profile, row), profile: by.profile } : null;
  });
}

/** Doubtful units that follow one another, as numbers of the first and the one after the last. */
function runsOf(found: readonly (JudgedUnit | null)[]): { from: number; to: number; worst: JudgedUnit }[] {
  const runs: { from: number; to: number; worst: JudgedUnit }[] = [];
  for (const [at, one] of found.entries()) {
    if (!one || one.p < LISTED_FROM) continue;
    const last = runs.at(-1);
    // Only characters without a space or a mark between them are one place.
    if (last && last.to === at && found[at - 1]?.end === one.start) {
      last.to = at + 1;
      if (one.p > last.worst.p) last.worst = one;
    } else runs.push({ from: at, to: at + 1, worst: one });
  }
  return runs;
}

interface Around {
  readonly part: string;
  readonly stretch: HeardStretch;
  readonly signalled: Signalled;
  readonly likelier: ReadonlyMap<number, string>;
  readonly placed: Placing;
}

function spanOf(
  { from, to, worst }: { readonly from: number; readonly to: number; readonly worst: JudgedUnit },
  { part, stretch, signalled, likelier, placed }: Around,
): DoubtfulSpan {
  const { units } = signalled;
  const [start, end] = [units[from]?.start ?? 0, units[to - 1]?.end ?? 0];
  const said = stretch.words.filter((word) => word.start < end && word.end > start);
  const [first] = said;
  return {
    ...{ part, ...placed(start, end), class: 'word' },
    time: first ? { startMs: first.startMs, endMs: Math.max(...said.map(({ endMs }) => endMs)) } : null,
    text: [...stretch.heard.text].slice(start, end).join(''),
    ...{ pError: rounded(worst.p), pErrorKind: 'calibrated' },
    pSource: [...worst.profile.signals, `profile:${worst.profile.id}`],
    alternatives: alternativesOf(signalled, { from, to }, stretch.segment.second?.engine, likelier),
  };
}

type Placing = (start: number, end: number) => { readonly start: number; readonly end: number };

/** Places of a stretch in the text before mending. Where that tells how something was said, marks stand between the words. */
function placeOf(perception: Perception, offset: number): Placing {
  const marks = perception.kind === 'transcript' ? (perception.enriched?.marks ?? []) : [];
  const before = marks.map(({ at, written }) => ({ at, length: codePoints(written) }));
  const size = codePoints(textBeforeMending(perception));
  return (start, end) => {
    const moved = before.reduce((sum, mark) => (mark.at <= offset + start ? sum + mark.length : sum), offset + start);
    return { start: Math.min(moved, size), end: Math.min(moved + end - start, size) };
  };
}

function rounded(p: number): number {
  return Math.round(p * 1000) / 1000;
}
