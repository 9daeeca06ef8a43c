import type { DoubtfulSpan, Ledger, RareCharacter } from '#contract/ledger.ts';
import type { Loss } from '#contract/loss.ts';
import { RARE_FROM_RISK } from '../model/rare.ts';
import { NOTHING_CAME_THROUGH } from './blank.ts';
import { exampleOf } from './example.ts';
import type { Places } from './phrases.ts';

/** A ledger before its verdict. */
export type Judged = Omit<Ledger, 'verdict'>;

/** What a verdict is made of, all of it taken from the ledger itself, so that it can be made again of a ledger without words. */
export type Facts = ReturnType<typeof factsOf>;

/** Losses that the figures and spans of the ledger tell better, or that have a clause of their own. */
const TOLD_OTHERWISE: ReadonlySet<Loss['kind']> = new Set([
  'doubtful-word',
  'doubtful-character',
  'not-described',
  'speech-without-words',
  'media-dropped',
  'not-spoken',
  'not-pronounced',
  'paralinguistic',
]);

/** Reads off a ledger what a person should be told. `quotes`: words of the text may be named. */
export function factsOf(ledger: Judged, quotes: boolean) {
  const { loss, losses, mitigations } = ledger;
  const has = (...ops: readonly string[]) => ledger.conversions.some(({ op }) => ops.includes(op));
  const count = (...kinds: readonly Loss['kind'][]) => losses.filter(({ kind }) => kinds.includes(kind)).length;
  const ambiguous = ledger.spans.filter(isAmbiguous);
  const misread = ledger.spans.filter(({ class: kind }) => kind === 'character' || kind === 'rare-character');
  const misheard = ledger.spans.filter((span) => !ambiguous.includes(span) && !misread.includes(span));
  const blank = ledger.inputs.filter(({ fate }) => fate.endsWith(NOTHING_CAME_THROUGH)).length;
  const others = losses.filter(({ kind }) => !TOLD_OTHERWISE.has(kind));
  const places = (spans: readonly DoubtfulSpan[]) => placesOf(spans, ledger, quotes);
  const edits = mitigations.filter(({ id }) => id === 'correction' || id === 'glossary');
  const sum = (numbers: readonly (number | null)[]) => numbers.reduce<number>((total, one) => total + (one ?? 0), 0);
  return {
    isHeard: has('hear', 'watch'),
    isRead: has('see', 'read', 'watch'),
    isWatched: has('watch'),
    // Particles are a matter of Chinese; where nobody told the language it may be.
    mayHaveParticles: ledger.conversions.some(
      ({ op, language }) => op !== 'see' && /^(zh|cmn|und)|^$/i.test(language ?? ''),
    ),
    dropped: count('media-dropped'),
    blank,
    unheardMs: sum(ledger.inputs.map(({ id }) => unheardIn(id, ledger))),
    voicedMs: sum(ledger.inputs.map(({ durationMs, speechRatio }) => (durationMs ?? 0) * (speechRatio ?? 0))),
    errorRate: loss.accuracy.errorRate.value,
    deleted: Math.round(loss.accuracy.deletedChars.value ?? 0),
    invented: loss.accuracy.hallucination.value,
    signals: loss.accuracy.hallucinationSignals.length,
    misheard: places(misheard),
    misread: places(misread),
    ambiguous: { ...places(ambiguous), count: ambiguous.length },
    isToneUntold: count('paralinguistic') > 0,
    // Of a picture that gave nothing at all that is said already.
    undescribed: count('not-described') > blank,
    unread: Math.round(loss.conversion.regionsUnread.value ?? 0),
    timeUnseen: loss.conversion.timeUnseen.value ?? 0,
    particles: Math.round(loss.conversion.particleSlotsUnfilled.value ?? 0),
    question: loss.conversion.questionIntonation.value ?? 0,
    feelings: Math.round(loss.conversion.emotion.value ?? 0),
    cues: Math.round(loss.conversion.prosody.value ?? 0),
    rare: loss.model.rare.filter(mayBeUnknown).map(({ character }) => (quotes ? character : null)),
    isGlossed: mitigations.some(({ id, editsAccepted }) => id === 'gloss' && (editsAccepted ?? 0) > 0),
    corrected: sum(edits.map(({ editsAccepted }) => editsAccepted)),
    proposed: sum(edits.map(({ editsProposed }) => editsProposed)),
    isEscalated: mitigations.some(({ id, applied }) => id === 'escalation' && applied),
    notSpoken: count('not-spoken', 'not-pronounced'),
    others: { count: others.length, kinds: [...new Set(others.map(({ kind }) => kind))] },
  };
}

/** A word that is right as far as anybody knows, and sounds like commoner ones: loss 3. Where a reader doubts it too, it is loss 1. */
function isAmbiguous({ class: kind, pErrorKind }: DoubtfulSpan): boolean {
  return kind === 'homophone' && pErrorKind === 'raw';
}

/** A character that what wrote the text lacked is told as that; one whose risk nobody knows counts where it is in no everyday use. */
function mayBeUnknown({ unwritable, risk, level }: RareCharacter): boolean {
  if (unwritable) return false;
  return risk === null ? level === null || level === 3 : risk >= RARE_FROM_RISK;
}

/**
 * Calibrated probabilities add up to the number of errors to expect; raw ones add up to nothing, so that those places are counted. Where less than half an
 * error is to be expected of the places that are listed, there is perhaps one.
 */
function placesOf(spans: readonly DoubtfulSpan[], { spansSummarised, inputs }: Judged, quotes: boolean): Places {
  const expected = Math.round(
    spans.reduce((sum, { pErrorKind, pError }) => sum + (pErrorKind === 'raw' ? 1 : pError), 0),
  );
  return {
    count: spans.length === 0 ? 0 : Math.max(1, expected),
    isUnlikely: spans.length > 0 && expected === 0,
    isExact: spans.every(({ pErrorKind }) => pErrorKind === 'raw'),
    isAtLeast: spansSummarised > 0,
    example: exampleOf(spans, inputs.length > 1, quotes),
  };
}

// What hearing found to be without words; all of the voice where there are no words at all. The bare gaps between words and
// voice (`coverage`) also hold breaths and the detector's margins.
function unheardIn(part: string, { conversions, losses }: Judged): number {
  const heard = conversions.find((one) => one.part === part && one.coverage.mediaMsUsed !== null);
  if (heard?.coverage.mediaMsUsed === 0) return heard.coverage.uncoveredVoicedMs ?? 0;
  const wordless = losses.filter((loss) => loss.kind === 'speech-without-words' && loss.part === part);
  return wordless.reduce((sum, { extent }) => sum + (extent ?? 0), 0);
}
