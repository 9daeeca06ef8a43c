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

/**
 * What was heard between two pauses. `meanLogprob` over its tokens, natural log; `compressionRatio` of its text. `language`
 * (BCP 47) and `emotion` are there where the recogniser told them; a probability it did not give is `null`.
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
  emotion: z
    .object({ label: z.string(), probability: z.number().min(0).max(1).nullable(), source: z.string() })
    .optional(),
});
export type Segment = z.infer<typeof Segment>;

/** A recording turned into text. `text` is what the language model is given. Times count from the recording's start. */
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
});
export type Transcript = z.infer<typeof Transcript>;

/** Text taken from a text part as it is. */
export const PlainText = z.object({ part: z.string(), kind: z.literal('plain-text'), text: z.string() });
export type PlainText = z.infer<typeof PlainText>;

export const Perception = z.discriminatedUnion('kind', [Transcript, PlainText]);
export type Perception = z.infer<typeof Perception>;
