import { z } from 'zod';
import { TimeSpan } from './finding.ts';
import { Loss } from './loss.ts';
import { Route } from './plan.ts';

/** A figure, or `null` with the reason why nobody measured it. Never a guess. */
export const Measured = z.object({
  value: z.number().nullable(),
  source: z.string().nullable(),
  reason: z.string().nullable(),
});
export type Measured = z.infer<typeof Measured>;

/** A figure with the interval it lies in for 95 of 100 draws; both ends `null` where only the figure was measured. */
export const Interval = Measured.extend({ low: z.number().nullable(), high: z.number().nullable() });
export type Interval = z.infer<typeof Interval>;

/**
 * A stretch of the text that was sent to the model which may be wrong. `start` and `end` are Unicode code points in that
 * text (`end` exclusive), `time` is in the recording. `pError` is `raw` (a model's own confidence, not calibrated) until
 * calibration says otherwise.
 */
export const DoubtfulSpan = z.object({
  part: z.string(),
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  time: TimeSpan.nullable(),
  text: z.string().nullable(),
  pError: z.number().min(0).max(1),
  pErrorKind: z.enum(['raw', 'calibrated']),
  pSource: z.array(z.string()),
  alternatives: z.array(z.object({ text: z.string(), p: z.number().nullable(), by: z.string() })),
  class: z.enum(['word', 'character', 'homophone', 'rare-character', 'hallucination']),
});
export type DoubtfulSpan = z.infer<typeof DoubtfulSpan>;

/** A character the language model, or what turned a medium into text, may not know. `risk` joins the three gates; each is `null` where nobody looked. */
export const RareCharacter = z.object({
  part: z.string(),
  start: z.number().int().nonnegative(),
  character: z.string().nullable(),
  /** Level in the table of 8,105 standard characters; `null`: not in it. */
  level: z.union([z.literal(1), z.literal(2), z.literal(3)]).nullable(),
  /** Whether the alphabet of what wrote the text lacks it. */
  unwritable: z.boolean().nullable(),
  tokens: z.number().int().positive().nullable(),
  /** Share of those tokens that are single bytes or pieces of a character. */
  bytes: z.number().min(0).max(1).nullable(),
  /** How likely its embedding was hardly trained, by the indicator of the model's own table. */
  underTrained: z.number().min(0).max(1).nullable(),
  /** Whether encoding and decoding gives another character. */
  changed: z.boolean().nullable(),
  risk: z.number().min(0).max(1).nullable(),
});
export type RareCharacter = z.infer<typeof RareCharacter>;

/** What was done to win something back, and what it changed; counts are `null` where it makes no edits. */
export const Mitigation = z.object({
  id: z.enum(['script', 'second-reader', 'verbatim', 'glossary', 'correction', 'gloss', 'escalation']),
  part: z.string().nullable(),
  applied: z.boolean(),
  note: z.string(),
  by: z.string().nullable(),
  editsProposed: z.number().int().nonnegative().nullable(),
  editsAccepted: z.number().int().nonnegative().nullable(),
  /** Why the gate refused the others: `empty`, `shorter`, `other-sound`, … with how often. */
  refused: z.record(z.string(), z.number().int().positive()),
  charactersDeleted: z.number().int().nonnegative().nullable(),
  particlesDeleted: z.number().int().nonnegative().nullable(),
  addedTokens: z.number().int().nullable(),
  errorRateBefore: Measured,
  errorRateAfter: Measured,
});
export type Mitigation = z.infer<typeof Mitigation>;

const Accuracy = z.object({
  /** Expected share of wrong characters (Chinese) or words, from calibrated spans. */
  errorRate: Interval,
  /** Characters that were said or written and are not in the text. */
  deletedChars: Measured,
  /** Probability that some of the text was never said; `hallucinationSignals` names what pointed to it. */
  hallucination: Measured,
  hallucinationSignals: z.array(z.string()),
  /** Mean agreement of two readers, 0–1. */
  readers: Measured,
});

const Conversion = z.object({
  /** Particles (语气词) that the text has; sounds of hesitation count as fillers. */
  particlesSeen: Measured,
  /** Places where a particle was probably spoken and none is written. */
  particleSlotsUnfilled: Measured,
  fillersSeen: Measured,
  repetitionsRemoved: Measured,
  /** Cues of the voice that the text does not imply and the model was not told. */
  prosody: Measured,
  /** Probability that a sentence was asked although its words ask nothing. */
  questionIntonation: Measured,
  emotion: Measured,
  /** Laughter, applause, music and the like that were heard and not told. */
  events: Measured,
  /** Bits: how unexpected the cues are, given the text. */
  cueSurprise: Measured,
  /** Characters that normalising changed; `reversible` where the original can be had back from the text alone. */
  normalisations: z.array(
    z.object({ op: z.string(), changedChars: z.number().int().nonnegative(), reversible: z.boolean() }),
  ),
  /** Of pictures and documents: lines or regions that were found and not read; lines in small print; flattened places. */
  regionsUnread: Measured,
  smallPrint: Measured,
  layout: Measured,
  /** Of videos: share of the time that nobody looked at. */
  timeUnseen: Measured,
});

const ModelLoss = z.object({
  /** Whose tokenizer was asked; `null` where none is known. */
  tokenizer: z.string().nullable(),
  tokensPerHan: Measured,
  /** Bits of ambiguity that words of the same sound leave, of what accuracy has not counted already. */
  homophones: Measured,
  /** Bits left out of it because the same place already counts as probably misheard. */
  homophoneOverlap: Measured,
  /** How many characters carry a risk of half or more; the list has each. */
  rareCharacters: Measured,
  rare: z.array(RareCharacter),
  /** Characters that come back changed from encoding and decoding. */
  roundTrip: Measured,
});

/** The loss ledger of one request, schema `loss-ledger/1`. Unknown is `null` plus a reason, never zero. */
export const Ledger = z.object({
  schema: z.literal('loss-ledger/1'),
  requestId: z.string(),
  createdAt: z.iso.datetime(),
  routes: z.array(
    z.object({
      part: z.string(),
      chosen: Route,
      considered: z.array(
        z.object({
          route: Route,
          expectedQuality: z.number().nullable(),
          costUsd: z.number().nullable(),
          reason: z.string(),
        }),
      ),
    }),
  ),
  inputs: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      sha256: z.string(),
      durationMs: z.number().nullable(),
      rmsDb: z.number().nullable(),
      snrDb: z.number().nullable(),
      clippedRatio: z.number().nullable(),
      speechRatio: z.number().nullable(),
      fate: z.string(),
    }),
  ),
  conversions: z.array(
    z.object({
      part: z.string(),
      op: z.string(),
      component: z.object({ name: z.string(), version: z.string().nullable(), weightsSha256: z.string().nullable() }),
      language: z.string().nullable(),
      latencyMs: z.number().nullable(),
      remembered: z.boolean(),
      realTimeFactor: z.number().nullable(),
      coverage: z.object({ mediaMsUsed: z.number().nullable(), uncoveredVoicedMs: z.number().nullable() }),
    }),
  ),
  spans: z.array(DoubtfulSpan),
  spansSummarised: z.number().int().nonnegative(),
  loss: z.object({
    accuracy: Accuracy,
    conversion: Conversion,
    model: ModelLoss,
    embedding: z.object({ compatibility: Measured }),
  }),
  losses: z.array(Loss),
  mitigations: z.array(Mitigation),
  impact: Measured,
  /** Which profile turned signals into probabilities, on how much it was fitted, and how well it did there, cross-validated. */
  calibration: z.object({
    profile: z.string(),
    items: z.number().int().nullable(),
    errors: z.number().int().nullable(),
    auroc: z.number().nullable(),
    ece: z.number().nullable(),
    recallAtP60: z.number().nullable(),
    reason: z.string().nullable(),
  }),
  verdict: z.object({
    level: z.enum(['ok', 'caution', 'poor', 'unknown']),
    headline: z.string(),
    unknowns: z.array(z.string()),
  }),
});
export type Ledger = z.infer<typeof Ledger>;
