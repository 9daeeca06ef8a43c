import { z } from 'zod';
import { Answer, Speech } from './answer.ts';
import { Ledger } from './ledger.ts';
import { Perception } from './perception.ts';
import { Plan } from './plan.ts';
import { Retrieved } from './retrieval.ts';

/** The stretches of the path that are timed and have a limit. */
export type Stage = 'media' | 'probe' | 'perceive' | 'ask' | 'speak' | 'embed';

/**
 * How long each stretch of the path took, in milliseconds; `null` where the request did not go that way.
 * `firstTokenMs` and `firstAudioMs` count from the start of the request; the stage times are their own.
 */
export const Timings = z.object({
  mediaMs: z.number().nullable(),
  probeMs: z.number().nullable(),
  perceiveMs: z.number().nullable(),
  firstTokenMs: z.number().nullable(),
  firstAudioMs: z.number().nullable(),
  totalMs: z.number(),
});
export type Timings = z.infer<typeof Timings>;

/**
 * What one engine's work cost. `amount` is in `currency` (ISO 4217), at prices read on `priceDate`; what nobody knows is `null`
 * with the reason, and 0 is for engines of this machine.
 */
export const Cost = z.object({
  stage: z.enum(['perceive', 'ask', 'speak']),
  engine: z.string(),
  amount: z.number().nullable(),
  currency: z.string().nullable(),
  priceDate: z.string().nullable(),
  reason: z.string().nullable(),
});
export type Cost = z.infer<typeof Cost>;

/** Everything one request leaves behind: what `sensorium ask --json` prints. `retrieved` is there where a vector store was searched. */
export const Report = z.object({
  requestId: z.string(),
  answer: Answer,
  speech: Speech.nullable(),
  plan: Plan,
  perceptions: z.array(Perception),
  ledger: Ledger,
  timings: Timings,
  costs: z.array(Cost),
  retrieved: z.array(Retrieved).optional(),
});
export type Report = z.infer<typeof Report>;
