import type { SoundFinding, TimeSpan } from '#contract/finding.ts';
import type { Measured } from '#contract/ledger.ts';
import type { Transcript } from '#contract/perception.ts';
import type { LedgerInput } from '../ledger.ts';
import { leftOut, lettersOf } from '../left-out.ts';
import { transcriptIn } from '../transcripts.ts';
import { measured, unmeasured } from '../unmeasured.ts';

/**
 * Voice has to be this much longer than its letters take, and than twice that: what is shorter is a slow word or a small pause. Set by the false
 * alarms on whole recordings; docs/decisions/2026-11-26-conversion-loss.md.
 */
const EXCESS_MS = 450;
const EXCESS_FACTOR = 2;
/** After the last word a voice detector's margin comes on top. */
const MARGIN_MS = 100;
/** Fewer than these say nothing of how fast somebody speaks. */
const FEWEST_UNITS = 4;
/** The slowest units, in which a pause or a gap may lie, do not count for how fast somebody speaks. */
const PACE_SHARE = 0.8;

/**
 * About how many letters (in Chinese: characters) were said and are not in the text: voice that is longer than the letters in it take at the
 * speaker's own pace, or what a second reader has besides, whichever is more, stretch by stretch. Time shows a single word in a quarter of cases
 * only, so that nothing found is `null` unless two readers heard everything.
 */
export function deletionsOf({ perceptions, findings }: Pick<LedgerInput, 'perceptions' | 'findings'>): Measured {
  const transcripts = perceptions.flatMap(transcriptIn);
  if (transcripts.length === 0) return unmeasured('Nothing was heard.');
  let [letters, once] = [0, 0];
  const sources = new Set<string>();
  for (const transcript of transcripts) {
    const finding = findings.find((one): one is SoundFinding => one.kind === 'sound' && one.part === transcript.part);
    if (!finding) return unmeasured('It is not known where a voice is.');
    if (finding.speech.length === 0) continue;
    const missing = missingByPace(transcript, finding.speech);
    if (missing === null) return unmeasured('Too few words to know how fast the speaker speaks.');
    sources.add('voiced-time-and-pace');
    letters += missing.outside;
    for (const [at, segment] of transcript.segments.entries()) {
      const besides = segment.second ? leftOut(segment.text, segment.second.text) : null;
      if (besides === null) once++;
      else sources.add(`second-reader:${segment.second?.engine}`);
      const has = (besides ?? []).reduce((sum, { text }) => sum + [...text].length, 0);
      letters += Math.max(missing.inSegment[at] ?? 0, has);
    }
  }
  if (letters === 0 && once > 0) {
    return unmeasured(
      'No long stretch of voice is without words; a single word left out shows to a second reader only.',
    );
  }
  return measured(letters, sources.size === 0 ? 'no-voice' : [...sources].join('+'));
}

/** A stretch whose letters and time belong together. `open`: it may be long for its letters by itself: a pause, or a number that is said in more letters. */
interface Unit extends TimeSpan {
  readonly letters: number;
  readonly open: boolean;
  readonly segment: number;
}

/** Letters that the voiced time has room for and the text has not: in each segment, and after the last of them. `null` where the pace is not known. */
function missingByPace({ segments }: Transcript, speech: readonly TimeSpan[]) {
  const units = segments.flatMap(unitsOf);
  const voiced = voicedTime(speech);
  let until = 0;
  const timed = units.map((unit) => {
    const from = Math.max(until, unit.startMs);
    const gapMs = voiced(until, from);
    const ownMs = voiced(from, Math.max(from, unit.endMs));
    until = Math.max(until, unit.endMs);
    return { ...unit, gapMs, ownMs };
  });
  const paceMs = paceOf(timed.filter(({ open }) => !open));
  if (paceMs === null) return null;
  const inSegment = segments.map(() => 0);
  for (const { letters, gapMs, ownMs, open, segment } of timed) {
    const takesMs = letters * paceMs;
    const roomMs = open ? gapMs : gapMs + ownMs - takesMs;
    if (roomMs < EXCESS_MS || (!open && gapMs + ownMs < EXCESS_FACTOR * takesMs)) continue;
    inSegment[segment] = (inSegment[segment] ?? 0) + roomMs / paceMs;
  }
  const restMs = voiced(until, speech.at(-1)?.endMs ?? 0);
  return { inSegment, outside: restMs < EXCESS_MS + MARGIN_MS ? 0 : restMs / paceMs };
}

// Words where their times were measured; where they were only spread over the voice, the whole segment.
function unitsOf({ words, text, startMs, endMs }: Transcript['segments'][number], segment: number): Unit[] {
  if (words.length === 0 || words.some(({ timeSource }) => timeSource === 'interpolated')) {
    return [{ startMs, endMs, letters: lettersOf(text).length, open: /\p{Nd}/u.test(text), segment }];
  }
  return words.map((word, at) => ({
    startMs: word.startMs,
    endMs: word.endMs,
    letters: lettersOf(word.text).length,
    open: at === words.length - 1 || /\p{Nd}|\p{P}\s*$/u.test(word.text),
    segment,
  }));
}

// Milliseconds of voice for a letter, over all but the slowest units.
function paceOf(
  units: readonly { readonly letters: number; readonly gapMs: number; readonly ownMs: number }[],
): number | null {
  const spoken = units.filter(({ letters }) => letters > 0);
  if (spoken.length < FEWEST_UNITS) return null;
  const slownessOf = ({ letters, ownMs }: (typeof spoken)[number]) => ownMs / letters;
  const usual = [...spoken].sort((a, b) => slownessOf(a) - slownessOf(b));
  usual.length = Math.max(FEWEST_UNITS - 1, Math.floor(usual.length * PACE_SHARE));
  const paceMs =
    usual.reduce((sum, { ownMs }) => sum + ownMs, 0) / usual.reduce((sum, { letters }) => sum + letters, 0);
  return paceMs > 0 ? paceMs : null;
}

/** How much voice lies between two moments; asked in order of the first of them. */
function voicedTime(speech: readonly TimeSpan[]): (fromMs: number, toMs: number) => number {
  let first = 0;
  return (fromMs, toMs) => {
    while (first < speech.length && (speech[first]?.endMs ?? 0) <= fromMs) first++;
    let sum = 0;
    for (let at = first; at < speech.length; at++) {
      const span = speech[at];
      if (!span || span.startMs >= toMs) break;
      sum += Math.max(0, Math.min(toMs, span.endMs) - Math.max(fromMs, span.startMs));
    }
    return sum;
  };
}
