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
    accuracy: z.object({ errorRate: Measured, deletedChars: Measured, hallucination: Measured, readers: Measured }),
    conversion: z.object({ particles: Measured, emotion: Measured, prosody: Measured, layout: Measured }),
    model: z.object({ homophones: Measured, rareCharacters: Measured, roundTrip: Measured }),
    embedding: z.object({ compatibility: Measured }),
  }),
  losses: z.array(Loss),
  mitigations: z.array(z.object({ id: z.string(), applied: z.boolean(), note: z.string() })),
  impact: Measured,
  calibration: z.object({ profile: z.string(), items: z.number().int().nullable(), reason: z.string().nullable() }),
  verdict: z.object({
    level: z.enum(['ok', 'caution', 'poor', 'unknown']),
    headline: z.string(),
    unknowns: z.array(z.string()),
  }),
});
export type Ledger = z.infer<typeof Ledger>;
