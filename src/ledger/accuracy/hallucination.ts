import type { SoundFinding, TimeSpan } from '#contract/finding.ts';
import type { Measured } from '#contract/ledger.ts';
import type { Loss } from '#contract/loss.ts';
import type { Segment, Transcript } from '#contract/perception.ts';
import type { LedgerInput } from '../ledger.ts';
import { transcriptIn } from '../transcripts.ts';
import { measured, unmeasured } from '../unmeasured.ts';
import { isKnownPhrase } from './known-phrases.ts';

/** How likely it is that some of the text was never said, and what points to it, each named once. */
export interface Hallucination {
  readonly probability: Measured;
  readonly signals: readonly Signal[];
}

export type Signal =
  | 'text-over-non-speech'
  | 'compression'
  | 'repetition'
  | 'improbable-text'
  | 'known-phrase'
  | 'too-fast'
  | 'readers-disagree';

/** The limit of Whisper's reference code (openai/whisper, transcribe.py). */
const COMPRESSION_LIMIT = 2.4;
/** Chinese characters a second, or three times as many other letters (research/loss.md §6.1); nobody speaks so fast. */
const FASTEST_PER_SECOND = 12;
const LETTERS_A_CHARACTER = 3;
/** Less voice than this under a text is none: a detector's margin. */
const SOME_VOICE_MS = 100;
/** Readers that share less than this heard different things. */
const WHOLLY_BELOW = 0.1;
/** What the guards of hearing say of a text, where it was kept. */
const GUARDS: Partial<Record<Loss['kind'], Signal>> = {
  compression: 'compression',
  repetition: 'repetition',
  'improbable-text': 'improbable-text',
};

/**
 * Looks for text that was never said. There is no probability of it: of the sounds without speech that it was tried on, none gave a text that the guards
 * of hearing let through, so how often what they let through is made up is not known (docs/decisions/2026-11-26-conversion-loss.md).
 */
export function hallucinationOf({
  perceptions,
  findings,
  losses,
}: Pick<LedgerInput, 'perceptions' | 'findings' | 'losses'>): Hallucination {
  const transcripts = perceptions.flatMap(transcriptIn);
  const signals = new Set(transcripts.flatMap((one) => signalsOf(one, findings, losses)));
  return { probability: probabilityOf(transcripts, signals.size), signals: [...signals] };
}

function probabilityOf(transcripts: readonly Transcript[], signals: number): Measured {
  if (transcripts.length === 0) return unmeasured('Nothing was heard.');
  if (transcripts.every(({ text }) => text.trim() === '')) return measured(0, 'no-text');
  const found = signals === 0 ? 'No sign of it was found' : `${signals} ${signals === 1 ? 'sign' : 'signs'} of it`;
  return unmeasured(`${found}; how often text with or without such a sign is made up has not been measured.`);
}

function signalsOf(transcript: Transcript, findings: LedgerInput['findings'], losses: readonly Loss[]): Signal[] {
  const finding = findings.find((one): one is SoundFinding => one.kind === 'sound' && one.part === transcript.part);
  const noted = losses.filter(({ part, stage }) => part === transcript.part && stage === 'perceive');
  const guarded = noted.flatMap(({ kind, time }): Signal[] => {
    const signal = GUARDS[kind];
    // A text that was dropped is not in the transcript.
    return signal && time && transcript.segments.some((segment) => covers(time, segment)) ? [signal] : [];
  });
  return [...guarded, ...transcript.segments.flatMap((segment) => ofSegment(segment, finding))];
}

function ofSegment(segment: Segment, finding: SoundFinding | undefined): Signal[] {
  const { text, compressionRatio, second } = segment;
  if (text.trim() === '') return [];
  const voicedMs = finding ? voicedIn(segment, finding.speech) : null;
  const isFast = voicedMs !== null && charactersIn(text) > FASTEST_PER_SECOND * Math.max(1, voicedMs / 1_000);
  return [
    ...(voicedMs !== null && voicedMs < SOME_VOICE_MS ? (['text-over-non-speech'] as const) : []),
    ...(compressionRatio !== null && compressionRatio >= COMPRESSION_LIMIT ? (['compression'] as const) : []),
    ...(isKnownPhrase(text) ? (['known-phrase'] as const) : []),
    ...(isFast ? (['too-fast'] as const) : []),
    ...(second && second.agreement < WHOLLY_BELOW ? (['readers-disagree'] as const) : []),
  ];
}

function covers(time: TimeSpan, segment: TimeSpan): boolean {
  return segment.startMs < time.endMs && segment.endMs > time.startMs;
}

function voicedIn({ startMs, endMs }: TimeSpan, speech: readonly TimeSpan[]): number {
  return speech.reduce(
    (sum, span) => sum + Math.max(0, Math.min(endMs, span.endMs) - Math.max(startMs, span.startMs)),
    0,
  );
}

function charactersIn(text: string): number {
  const letters = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  const whole = text.match(/[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
  return whole + (letters - whole) / LETTERS_A_CHARACTER;
}
