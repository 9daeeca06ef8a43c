import { z } from 'zod';

/**
 * A piece of a word as the recogniser's vocabulary has it. `logprob` is natural log, ≤ 0. `bytes` is the UTF-8 spelling of
 * a token that is only part of a character; its `text` cannot say it. Left out where `text` does.
 */
export const Token = z.object({
  id: z.number().int(),
  text: z.string(),
  logprob: z.number().nullable(),
  bytes: z.array(z.number().int().min(0).max(255)).optional(),
});
export type Token = z.infer<typeof Token>;

/**
 * A heard word. `confidence` is 0–1 and `confidenceSource` says where it was measured (`token-logprob:moonshine-tiny`);
 * both are `null` when nothing measured it. `timeSource` says how the times came about: `attention` (the model's own
 * alignment), `model` (it emits times), `interpolated` (spread over the voiced time).
 */
export const Word = z.object({
  text: z.string(),
  startMs: z.number().nonnegative(),
  endMs: z.number().nonnegative(),
  confidence: z.number().min(0).max(1).nullable(),
  confidenceSource: z.string().nullable(),
  timeSource: z.enum(['attention', 'model', 'interpolated']),
  tokens: z.array(Token),
});
export type Word = z.infer<typeof Word>;

/**
 * A word below this confidence is doubtful. Raw, not calibrated: on the shared English recordings 0.69 of the words below
 * it were wrong and 0.71 of the wrong words were below it (`npm run test:models` prints the counts).
 */
export const DOUBTFUL_BELOW = 0.5;

/** Whether a word should be marked for a person. One that nothing measured is unknown, not doubtful. */
export function isDoubtful(word: Word): word is Word & { confidence: number } {
  return word.confidence !== null && word.confidence < DOUBTFUL_BELOW;
}

/** Something a recogniser says of speech beside its words; a probability it did not give is `null`. */
export const Labelled = z.object({
  label: z.string(),
  probability: z.number().min(0).max(1).nullable(),
  source: z.string(),
});
export type Labelled = z.infer<typeof Labelled>;

/** What a second recogniser of another kind made of the same stretch. `agreement` is 0–1: 1 less the character error rate. */
export const SecondReading = z.object({ engine: z.string(), text: z.string(), agreement: z.number().min(0).max(1) });
export type SecondReading = z.infer<typeof SecondReading>;

/**
 * What was heard between two pauses. `meanLogprob` over its tokens, natural log; `compressionRatio` of its text. `language`
 * (BCP 47), `emotion` and `events` (laughter, applause, music) are there where the recogniser told them, `speaker` where somebody
 * told voices apart (`1`, `2`, … in order of appearance), `second` where another recogniser heard it too.
 */
export const Segment = z.object({
  startMs: z.number().nonnegative(),
  endMs: z.number().nonnegative(),
  text: z.string(),
  words: z.array(Word),
  meanLogprob: z.number().nullable(),
  compressionRatio: z.number().nullable(),
  noSpeechProbability: z.number().min(0).max(1).nullable(),
  language: z.string().optional(),
  languageProbability: z.number().min(0).max(1).nullable().optional(),
  emotion: Labelled.optional(),
  events: z.array(Labelled).optional(),
  speaker: z.string().optional(),
  second: SecondReading.optional(),
});
export type Segment = z.infer<typeof Segment>;

/** One thing noticed of how something was said. `value` is in `unit`; `strength` is the |z| against the speaker's own median. */
export const Cue = z.object({
  kind: z.enum(['pause', 'pitch', 'final-pitch', 'rate', 'loudness', 'lengthening', 'emotion', 'event', 'speaker']),
  label: z.string(),
  value: z.number().nullable(),
  unit: z.string().nullable(),
  strength: z.number().nullable(),
  probability: z.number().min(0).max(1).nullable(),
  source: z.string(),
});
export type Cue = z.infer<typeof Cue>;

/** A mark in the enriched text: `written` (`[停顿0.8秒·音高降]`) stands after `at` code points of the plain text. */
export const Mark = z.object({
  at: z.number().int().nonnegative(),
  written: z.string(),
  time: z.object({ startMs: z.number().nonnegative(), endMs: z.number().nonnegative() }),
  cues: z.array(Cue),
});
export type Mark = z.infer<typeof Mark>;

/**
 * The transcript with how it was said. `text` is the plain one with every mark put in; taking the marks out gives the plain one
 * back, byte for byte. `withheld` says what could not be measured and why (`the sound is too noisy: 6 dB`), else `null`.
 */
export const Enriched = z.object({ text: z.string(), marks: z.array(Mark), withheld: z.string().nullable() });
export type Enriched = z.infer<typeof Enriched>;

/** A change to a text before the model was given it. `start` and `end` are code points of the text before; an insertion has `before` empty. */
export const TextEdit = z.object({
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  before: z.string(),
  after: z.string(),
  by: z.enum(['glossary', 'correction', 'gloss']),
});
export type TextEdit = z.infer<typeof TextEdit>;

/** The text as it was given to the model, where something was mended. Its edits, in order and apart, make it of the text before. */
export const Mended = z.object({ text: z.string(), edits: z.array(TextEdit) });
export type Mended = z.infer<typeof Mended>;

/**
 * A recording turned into text. Times count from the recording's start. `enriched` is there where it was asked for; the language
 * model is then given that instead of `text`. `tone` is the same where nobody asked for it: measured for the ledger, told to no model.
 */
export const Transcript = z.object({
  part: z.string(),
  kind: z.literal('transcript'),
  text: z.string(),
  language: z.string().nullable(),
  languageSource: z.string().nullable(),
  durationMs: z.number().nonnegative(),
  engine: z.string(),
  words: z.array(Word),
  segments: z.array(Segment),
  enriched: Enriched.optional(),
  tone: Enriched.optional(),
  mended: Mended.optional(),
});
export type Transcript = z.infer<typeof Transcript>;

/** Text taken from a text part as it is. */
export const PlainText = z.object({ part: z.string(), kind: z.literal('plain-text'), text: z.string() });
export type PlainText = z.infer<typeof PlainText>;

/** A corner of a box, in pixels of the upright picture: x to the right, y down. */
const Corner = z.tuple([z.number(), z.number()]);

/**
 * A line of writing as a reader found it. `box`: its four corners, clockwise from the one where the line's text begins. `start` is where it
 * stands in the perception's text, in code points; `null` where it was left out. `probability` of a character is the
 * reader's own; `confidence` is their mean, which hides single errors. `unwritable`: the alphabet of the reader lacks what
 * probably stands here.
 */
export const TextLine = z.object({
  text: z.string(),
  start: z.number().int().nonnegative().nullable(),
  box: z.array(Corner).length(4),
  direction: z.enum(['horizontal', 'vertical']),
  heightPx: z.number().nonnegative(),
  characters: z.array(z.object({ text: z.string(), probability: z.number().min(0).max(1).nullable() })),
  confidence: z.number().min(0).max(1).nullable(),
  confidenceSource: z.string().nullable(),
  unwritable: z.boolean(),
});
export type TextLine = z.infer<typeof TextLine>;

/** A character read with less than this is doubtful: 0.96 of the wrong ones in small print were below it (research/loss.md §1.5). */
export const DOUBTFUL_CHARACTER_BELOW = 0.8;

/** What a picture shows, in words. `omits`: what was found in the picture and is not told, such as writing. */
export const Description = z.object({ text: z.string(), engine: z.string(), omits: z.array(z.string()) });
export type Description = z.infer<typeof Description>;

/** A picture turned into text: what is written in it, in reading order, and what it shows. `text` is for the language model. */
export const Picture = z.object({
  part: z.string(),
  kind: z.literal('picture'),
  text: z.string(),
  widthPx: z.number().int().positive(),
  heightPx: z.number().int().positive(),
  frames: z.number().int().positive(),
  lines: z.array(TextLine),
  description: Description.nullable(),
  engine: z.string(),
  mended: Mended.optional(),
});
export type Picture = z.infer<typeof Picture>;

/** A page, slide, sheet or chapter, as Markdown. `source` says where its text comes from, `reason` why from there. */
export const Page = z.object({
  number: z.number().int().positive(),
  title: z.string().nullable(),
  text: z.string(),
  source: z.enum(['text-layer', 'ocr', 'markup', 'nothing']),
  reason: z.string(),
  lines: z.array(TextLine),
  engine: z.string().nullable(),
});
export type Page = z.infer<typeof Page>;

/** A document turned into text: its pages in order; `text` is all of them, each under its number. */
export const Document = z.object({
  part: z.string(),
  kind: z.literal('document'),
  text: z.string(),
  format: z.string(),
  title: z.string().nullable(),
  pages: z.array(Page),
  engine: z.string(),
  mended: Mended.optional(),
});
export type Document = z.infer<typeof Document>;

/** One thing that happens in a video. `confidence` is what measured it, or `null`. */
export const Moment = z.object({
  startMs: z.number().nonnegative(),
  endMs: z.number().nonnegative(),
  what: z.enum(['shown', 'written', 'said', 'event']),
  text: z.string(),
  confidence: z.number().min(0).max(1).nullable(),
  source: z.string(),
});
export type Moment = z.infer<typeof Moment>;

/**
 * A video turned into text: what is shown, written and said, in one order of time. `framesSeen` of `framesTotal` frames were looked at
 * (`null`: nobody counted), `seenMs` says when they are; between two of them at most `longestGapMs` passed; `cutsMissed` scene changes
 * have no frame.
 */
export const Timeline = z.object({
  part: z.string(),
  kind: z.literal('timeline'),
  text: z.string(),
  durationMs: z.number().nonnegative(),
  moments: z.array(Moment),
  framesSeen: z.number().int().nonnegative(),
  framesTotal: z.number().int().nonnegative().nullable(),
  seenMs: z.array(z.number().nonnegative()).optional(),
  longestGapMs: z.number().nonnegative().nullable(),
  cutsMissed: z.number().int().nonnegative().nullable(),
  transcript: Transcript.nullable(),
  engine: z.string(),
  mended: Mended.optional(),
});
export type Timeline = z.infer<typeof Timeline>;

export const Perception = z.discriminatedUnion('kind', [Transcript, PlainText, Picture, Document, Timeline]);
export type Perception = z.infer<typeof Perception>;

/** The text a language model is given of a perception. */
export function textGiven(perception: Perception): string {
  const mended = 'mended' in perception ? perception.mended : undefined;
  return mended?.text ?? textBeforeMending(perception);
}

/** The same before anything was mended: what edits count in. */
export function textBeforeMending(perception: Perception): string {
  return (perception.kind === 'transcript' ? perception.enriched?.text : undefined) ?? perception.text;
}
