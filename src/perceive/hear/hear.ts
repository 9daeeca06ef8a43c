import type { SoundFinding, TimeSpan } from '#contract/finding.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { Sound } from '#contract/media.ts';
import { isDoubtful, type Segment, type Transcript } from '#contract/perception.ts';
import type { CallContext, Recogniser } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { inOrder } from './cut.ts';
import { rateOf, suspicionsOf } from './guards.ts';
import { checkedLanguage, type Language, onlyKnows, refuseUnlessEnglish } from './language.ts';
import { joinWords } from './script.ts';
import { meanLogprob } from './segment.ts';
import { atPauses } from './split.ts';

/** What to hear. `language` is a BCP 47 tag the caller declares; leave it out when it is not known. */
export interface Hearing {
  readonly part: string;
  readonly sound: Sound;
  readonly finding: SoundFinding;
  readonly language?: string | undefined;
  /** Words that are likely to be said: names and terms, alone or in sentences. */
  readonly prompt?: string | undefined;
  /** `translate` wants English text. Nothing is translated here: what is not heard as English is refused. */
  readonly task?: 'transcribe' | 'translate' | undefined;
  /** Told each segment of the transcript as soon as it is certain. The deltas, put end to end, are the transcript's text. */
  readonly onSegment?: (heard: { readonly segment: Segment; readonly delta: string }) => void;
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
  if (hearing.task === 'translate') refuseUnlessEnglish(language, recogniser);
  const note = (loss: Pick<Loss, 'kind' | 'message'> & Partial<Loss>) =>
    context.note(lossOf({ stage: 'perceive', part, engine: recogniser.id, ...loss }));
  throwIfCancelled(context.signal);

  const speech = inOrder(finding.speech);
  const prompt = heededPrompt(hearing.prompt, recogniser, note);
  const heard: Segment[] = [];
  const segments: Segment[] = [];
  let text = '';
  if (speech.length === 0) {
    note({
      kind: 'no-speech',
      engine: finding.speechSource,
      time: { startMs: 0, endMs: finding.durationMs },
      message: 'There is no voice in this recording.',
      action: 'the recogniser was not asked, so that it could not invent words',
    });
  } else {
    for await (const segment of recogniser.hear({ part, sound, speech, language: language.tag, prompt }, context)) {
      heard.push(segment);
      hearing.onProgress?.(segment.endMs);
      if (!accepted(segment, speech, note)) continue;
      for (const said of atPauses(segment)) {
        const delta = joinedOn(text, said.text);
        text += delta;
        segments.push(said);
        hearing.onSegment?.({ segment: said, delta });
      }
    }
  }

  noteWordless(speech, heard, recogniser, note);
  noteDoubtful(segments, note);
  noteLanguageDoubt(heard, language, recogniser, note);
  return {
    part,
    kind: 'transcript',
    text,
    language: language.known,
    languageSource: language.source,
    durationMs: finding.durationMs,
    engine: recogniser.id,
    words: segments.flatMap((segment) => segment.words),
    segments,
  };
}

type Note = (loss: Pick<Loss, 'kind' | 'message'> & Partial<Loss>) => void;

function heededPrompt(prompt: string | undefined, { id, capabilities }: Recogniser, note: Note): string | undefined {
  if (prompt === undefined || prompt.trim() === '') return undefined;
  if (capabilities.prompt === true) return prompt;
  const unsure = capabilities.prompt === 'unknown';
  note({
    kind: 'option-ignored',
    text: 'prompt',
    certainty: unsure ? 'unknown' : 'measured',
    message: unsure ? `Nobody has established whether ${id} heeds a prompt.` : `${id} does not heed a prompt.`,
    action: unsure ? 'handed on' : 'heard without it',
  });
  return unsure ? prompt : undefined;
}

// What to add to the text so that it is as if all had been joined at once; only the last character before matters.
function joinedOn(text: string, more: string): string {
  const tail = text.slice(-2);
  return joinWords([tail, more]).slice(tail.length);
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
