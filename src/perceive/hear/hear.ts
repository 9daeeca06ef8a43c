import { SensoriumError } from '#contract/error.ts';
import type { SoundFinding, TimeSpan } from '#contract/finding.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { Sound } from '#contract/media.ts';
import { isDoubtful, type Segment, type Transcript } from '#contract/perception.ts';
import type { CallContext, Recogniser } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { inOrder } from './cut.ts';
import { rateOf, suspicionsOf } from './guards.ts';
import { joinWords } from './script.ts';
import { meanLogprob } from './segment.ts';
import { atPauses } from './split.ts';

/** What to hear. `language` is a BCP 47 tag the caller declares; leave it out when it is not known. */
export interface Hearing {
  readonly part: string;
  readonly sound: Sound;
  readonly finding: SoundFinding;
  readonly language?: string | undefined;
  /** Told how far into the recording hearing has come, in milliseconds. */
  readonly onProgress?: (heardMs: number) => void;
}

/** Below this mean log-probability of a whole recording its language is doubted, for a recogniser that knows only some. */
const LANGUAGE_DOUBT_LOGPROB = -0.45;
/** Voiced time without words is noted from this length on: shorter bursts are breaths, clicks, a cough. */
const WORDLESS_FROM_MS = 300;
/** Speech of at least this length with fewer letters a second probably lost words; slow English speech has about 8. */
const FEW_LETTERS_FROM_MS = 2_000;
const FEW_LETTERS_PER_SECOND = 4;

/**
 * Turns a recording into text. Sound without a voice is never given to a recogniser; text that shows signs of being made
 * up is dropped; voice that gave no words, doubtful words and every guard that fires are noted as losses.
 * Throws `hear.language-unsupported` and `kit.cancelled`, and what the recogniser throws.
 */
export async function hear(hearing: Hearing, recogniser: Recogniser, context: CallContext): Promise<Transcript> {
  const { part, sound, finding } = hearing;
  const language = checkedLanguage(hearing.language, recogniser);
  const note = (loss: Pick<Loss, 'kind' | 'message'> & Partial<Loss>) =>
    context.note(lossOf({ stage: 'perceive', part, engine: recogniser.id, ...loss }));
  throwIfCancelled(context.signal);

  const speech = inOrder(finding.speech);
  const heard: Segment[] = [];
  const kept: Segment[] = [];
  if (speech.length === 0) {
    note({
      kind: 'no-speech',
      engine: finding.speechSource,
      time: { startMs: 0, endMs: finding.durationMs },
      message: 'There is no voice in this recording.',
      action: 'the recogniser was not asked, so that it could not invent words',
    });
  } else {
    for await (const segment of recogniser.hear({ part, sound, speech, language: language.tag }, context)) {
      heard.push(segment);
      hearing.onProgress?.(segment.endMs);
      if (accepted(segment, speech, note)) kept.push(segment);
    }
  }

  const segments = kept.flatMap(atPauses);
  noteWordless(speech, heard, recogniser, note);
  noteDoubtful(segments, note);
  noteLanguageDoubt(heard, language, recogniser, note);
  return {
    part,
    kind: 'transcript',
    text: joinWords(segments.map((segment) => segment.text)),
    language: language.known,
    languageSource: language.source,
    durationMs: finding.durationMs,
    engine: recogniser.id,
    words: segments.flatMap((segment) => segment.words),
    segments,
  };
}

type Note = (loss: Pick<Loss, 'kind' | 'message'> & Partial<Loss>) => void;

interface Language {
  readonly tag: string | undefined;
  readonly known: string | null;
  readonly source: string | null;
}

function checkedLanguage(declared: string | undefined, { id, capabilities }: Recogniser): Language {
  const { languages } = capabilities;
  if (declared === undefined) {
    const only = languages !== 'any' && languages.length === 1 ? languages[0] : undefined;
    // The text is in that language because the recogniser writes no other: nobody has listened for the language.
    return only === undefined
      ? { tag: undefined, known: null, source: null }
      : { tag: undefined, known: only, source: `only-language:${id}` };
  }
  const primary = declared.toLowerCase().split(/[-_]/)[0] ?? '';
  if (languages !== 'any' && !languages.includes(primary)) {
    throw new SensoriumError('hear.language-unsupported', `${id} does not understand ${nameOf(primary)}.`, {
      hint: `It understands: ${languages.map(nameOf).join(', ')}. Choose a recogniser that knows this language.`,
      details: { language: primary, recogniser: id },
    });
  }
  return { tag: primary, known: primary, source: 'declared' };
}

/** A language's English name, or the tag itself where there is none. */
function nameOf(tag: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return JSON.stringify(tag.slice(0, 40));
  }
}

function accepted(segment: Segment, speech: readonly TimeSpan[], note: Note): boolean {
  const suspicions = suspicionsOf(segment, speech);
  const dropped = suspicions.some((suspicion) => suspicion.drop);
  for (const { kind, extent, unit, message } of suspicions) {
    const time = { startMs: segment.startMs, endMs: segment.endMs };
    const action = dropped ? 'text dropped' : 'text kept';
    note({ kind, time, text: segment.text, extent, unit, message, action });
  }
  return !dropped;
}

// Text that a guard dropped has been noted; this is for voice from which nothing, or next to nothing, came.
function noteWordless(speech: readonly TimeSpan[], heard: readonly Segment[], by: Recogniser, note: Note): void {
  const covered = heard.flatMap((segment): readonly TimeSpan[] =>
    segment.words.length > 0 ? segment.words : [segment],
  );
  const wordless = speech.filter(
    (span) => !covered.some((time) => time.startMs < span.endMs && time.endMs > span.startMs),
  );
  for (const time of wordless) {
    const lengthMs = time.endMs - time.startMs;
    if (lengthMs < WORDLESS_FROM_MS) continue;
    note({
      kind: 'speech-without-words',
      time,
      extent: Math.round(lengthMs),
      unit: 'ms',
      message: `There is a voice for ${(lengthMs / 1000).toFixed(1)} s that gave no words${onlyKnows(by)}.`,
    });
  }
  for (const segment of heard) {
    const { letters, voicedMs } = rateOf(segment, speech);
    if (voicedMs < FEW_LETTERS_FROM_MS || (letters * 1000) / voicedMs >= FEW_LETTERS_PER_SECOND) continue;
    note({
      kind: 'speech-without-words',
      time: { startMs: segment.startMs, endMs: segment.endMs },
      text: segment.text,
      certainty: 'estimated',
      message: `${(voicedMs / 1000).toFixed(1)} s of voice gave only ${letters} letters: words are probably missing${onlyKnows(by)}.`,
    });
  }
}

function noteDoubtful(segments: readonly Segment[], note: Note): void {
  for (const word of segments.flatMap((segment) => segment.words).filter(isDoubtful)) {
    note({
      kind: 'doubtful-word',
      time: { startMs: word.startMs, endMs: word.endMs },
      text: word.text,
      extent: 1 - word.confidence,
      unit: 'probability of error, not calibrated',
      message: `“${word.text}” may be wrong (confidence ${word.confidence.toFixed(2)}).`,
    });
  }
}

function noteLanguageDoubt(heard: readonly Segment[], language: Language, by: Recogniser, note: Note): void {
  if (by.capabilities.languages === 'any' || language.source === 'declared') return;
  const mean = meanLogprob(heard.flatMap((segment) => segment.words));
  if (mean === null || mean >= LANGUAGE_DOUBT_LOGPROB) return;
  note({
    kind: 'language-unsupported',
    extent: mean,
    unit: 'mean log-probability',
    certainty: 'estimated',
    message: `Most of this text is improbable: the sound is poor, or the speech is in another language${onlyKnows(by)}.`,
  });
}

function onlyKnows({ capabilities: { languages }, id }: Recogniser): string {
  return languages === 'any' ? '' : ` (${id} understands only ${languages.map(nameOf).join(', ')})`;
}
