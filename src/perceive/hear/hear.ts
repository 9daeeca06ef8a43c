import type { SoundFinding, TimeSpan } from '#contract/finding.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { Sound } from '#contract/media.ts';
import { isDoubtful, type Segment, type Transcript } from '#contract/perception.ts';
import type { CallContext, Diariser, LanguageIdentifier, Recogniser } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { scriptWriter } from './chinese-script.ts';
import { inOrder } from './cut.ts';
import { enrich } from './enrich/index.ts';
import { rateOf, suspicionsOf } from './guards.ts';
import {
  checkedLanguage,
  identifiedLanguage,
  type Language,
  onlyKnows,
  refuseUnlessEnglish,
  spokenLanguage,
} from './language.ts';
import { joinWords } from './script.ts';
import { readAgain } from './second-reader.ts';
import { meanLogprob } from './segment.ts';
import { withSpeakers } from './speakers.ts';
import { atPauses } from './split.ts';
import { verbatimPrompt } from './verbatim.ts';

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
  /** A recogniser of another kind that hears doubtful stretches again. */
  readonly second?: Recogniser | null | undefined;
  /** Tells voices apart. */
  readonly diariser?: Diariser | null | undefined;
  /** Opens what tells languages apart, for recognisers that know only some; `null` where nothing can. */
  readonly identifier?: (() => Promise<LanguageIdentifier | null>) | undefined;
  /** Whether to write between the words how they were said. It is measured for the ledger without that, too. */
  readonly tone?: boolean | undefined;
  /** Asks for fillers, particles and repetitions to be kept, where the recogniser heeds a prompt. */
  readonly verbatim?: boolean | undefined;
  /** Chinese characters wanted; what was written in the other script is converted, and that is a loss. */
  readonly script?: 'as-spoken' | 'simplified' | 'traditional' | undefined;
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
  let language = checkedLanguage(hearing.language, recogniser);
  if (hearing.task === 'translate') refuseUnlessEnglish(language, recogniser);
  const note = (loss: Pick<Loss, 'kind' | 'message'> & Partial<Loss>) =>
    context.note(lossOf({ stage: 'perceive', part, engine: recogniser.id, ...loss }));
  throwIfCancelled(context.signal);

  const speech = inOrder(finding.speech);
  const heard: Segment[] = [];
  const story = storyOf(hearing);
  let segments: Segment[] = [];
  // What may still change is told when it no longer does.
  const isFinal = !hearing.second;
  const { script = 'as-spoken' } = hearing;
  const writer = script === 'as-spoken' ? null : await scriptWriter(script);
  const written = (segment: Segment) => writer?.write(segment) ?? segment;
  if (speech.length > 0 && language.source !== 'declared') {
    language = await identifiedLanguage(language, { sound, speech }, hearing.identifier, recogniser, context.signal);
  }
  const asked = hearing.verbatim
    ? await verbatimPrompt(hearing, language.known, recogniser, context.signal, note)
    : hearing.prompt;
  const prompt = heededPrompt(asked, recogniser, note);
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
        segments.push(isFinal ? written(said) : said);
        if (isFinal) story.tell(segments.at(-1) as Segment);
      }
    }
  }

  if (hearing.second) {
    const first = { part, sound, language: language.tag, segments, wordless: wordlessSpans(speech, heard) };
    const before = new Set(segments);
    segments = await readAgain(first, hearing.second, context, note);
    heard.push(...segments.filter((segment) => !segment.second && !before.has(segment)));
    segments = segments.map(written);
    for (const segment of segments) story.tell(segment);
  }
  noteWordless(speech, heard, recogniser, note);
  noteDoubtful(segments, note);
  if (writer) noteConverted(writer.changed(), script, note);
  noteLanguageDoubt(heard, language, recogniser, note);
  if (hearing.diariser && segments.length > 0) {
    segments = withSpeakers(segments, await hearing.diariser.diarise({ part, sound, speech }, context));
  }
  const spoken = spokenLanguage(language, segments, recogniser);
  const transcript: Transcript = {
    part,
    kind: 'transcript',
    text: story.text(),
    language: spoken.known,
    languageSource: spoken.source,
    durationMs: finding.durationMs,
    engine: recogniser.id,
    words: segments.flatMap((segment) => segment.words),
    segments,
  };
  if (hearing.tone) return { ...transcript, enriched: await enrich(transcript, sound, finding, context) };
  const tone = await toneOf(transcript, hearing, context.signal);
  return tone === null ? transcript : { ...transcript, tone };
}

// What nobody asked for neither loses anything nor stops the request.
async function toneOf(transcript: Transcript, { sound, finding }: Hearing, signal: AbortSignal) {
  try {
    return await enrich(transcript, sound, finding, { signal, note: () => {} });
  } catch {
    throwIfCancelled(signal);
    return null;
  }
}

/** Puts the text together while it is told. */
function storyOf({ onSegment }: Hearing) {
  let text = '';
  return {
    tell(segment: Segment): void {
      const delta = joinedOn(text, segment.text);
      text += delta;
      onSegment?.({ segment, delta });
    },
    text: () => text,
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

function wordlessSpans(speech: readonly TimeSpan[], heard: readonly Segment[]): TimeSpan[] {
  const covered = heard.flatMap((segment): readonly TimeSpan[] =>
    segment.words.length > 0 ? segment.words : [segment],
  );
  return speech.filter(
    (span) =>
      span.endMs - span.startMs >= WORDLESS_FROM_MS &&
      !covered.some((time) => time.startMs < span.endMs && time.endMs > span.startMs),
  );
}

// Text that a guard dropped has been noted; this is for voice from which nothing, or next to nothing, came.
function noteWordless(speech: readonly TimeSpan[], heard: readonly Segment[], by: Recogniser, note: Note): void {
  for (const time of wordlessSpans(speech, heard)) {
    const lengthMs = time.endMs - time.startMs;
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

function noteConverted(changed: string, script: string, note: Note): void {
  const count = [...changed].length;
  if (count === 0) return;
  note({
    kind: 'script-converted',
    text: [...changed].slice(0, 20).join(''),
    extent: count,
    unit: 'characters',
    after: script,
    message: `${count} Chinese character${count === 1 ? ' was' : 's were'} brought into ${script} form.`,
    action: 'converted, as was asked for',
  });
}

function noteLanguageDoubt(heard: readonly Segment[], language: Language, by: Recogniser, note: Note): void {
  if (by.capabilities.languages === 'any' || by.identifier || language.source === 'declared') return;
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
