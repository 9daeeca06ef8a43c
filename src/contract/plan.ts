import { z } from 'zod';
import { MediaKind } from './media.ts';

/** The way in a caller asks for. `require` refuses when it cannot be had; `prefer` falls back and says why. */
export interface RouteWish {
  readonly route: 'auto' | 'native' | 'text' | 'embedding';
  readonly policy: 'prefer' | 'require';
}

/** The three ways in, and the honest fourth: a part that cannot go in at all. */
export const Route = z.enum(['native', 'text', 'embedding', 'none']);
export type Route = z.infer<typeof Route>;

/** A route that was not taken. `feasible` is `unknown` when nobody has established whether the model can do it. */
export const Alternative = z.object({
  route: Route,
  feasible: z.union([z.boolean(), z.literal('unknown')]),
  reason: z.string(),
});
export type Alternative = z.infer<typeof Alternative>;

/**
 * What will happen to one media part, and why: `reasons` tell why the better routes were not to be had, then why this one. `predictedLoss` and `predictedLatencyMs` are `null` with a reason until
 * an evaluation on the user's own data has measured them; `costUsd` is 0 for local engines and `null` when unknown.
 */
export const PlanStep = z.object({
  part: z.string(),
  kind: MediaKind,
  route: Route,
  engine: z.string().nullable(),
  reasons: z.array(z.string()),
  alternatives: z.array(Alternative),
  predictedLoss: z.object({ errorRate: z.number().nullable(), reason: z.string() }),
  predictedLatencyMs: z.number().nullable(),
  costUsd: z.number().nullable(),
});
export type PlanStep = z.infer<typeof PlanStep>;

export const Plan = z.array(PlanStep);
export type Plan = z.infer<typeof Plan>;
