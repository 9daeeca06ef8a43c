import { z } from 'zod';
import { MediaKind } from './media.ts';

/** Ways in that can be asked for. `hybrid` is native with a transcript beside it. */
export const RouteChoice = z.enum(['auto', 'native', 'text', 'embedding', 'hybrid']);
export type RouteChoice = z.infer<typeof RouteChoice>;

/**
 * How routes are chosen. `auto` is native first, else text. `cheapest` and `fastest` take the way that is known to cost or to
 * last least; `most-faithful` also tries a model that may or may not take a part, before anything is turned into text. `require`
 * refuses when the route asked for cannot be had; `prefer` falls back and says why.
 */
export const Policy = z.enum(['prefer', 'require', 'auto', 'cheapest', 'fastest', 'most-faithful']);
export type Policy = z.infer<typeof Policy>;

/** What a caller asks for: one route for all media, or one for each kind. */
export interface RouteWish {
  readonly route: RouteChoice | Readonly<Partial<Record<MediaKind, RouteChoice>>>;
  readonly policy: Policy;
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
 * What will happen to one media part, and why: `reasons` tell why the better routes were not to be had, then why this one;
 * `explanation` says it in one sentence, in English and in Chinese. `form` is how a native part goes in: `whole`, or `frames` of a
 * video or `pages` of a document for a model that sees pictures only. `beside` is what goes along with a native part as text.
 * `predictedLoss` and `predictedLatencyMs` are `null` until an evaluation on the user's own data, or earlier requests, have
 * measured them; `costUsd` is 0 for local engines and `null` when unknown.
 */
export const PlanStep = z.object({
  part: z.string(),
  kind: MediaKind,
  route: Route,
  engine: z.string().nullable(),
  form: z.enum(['whole', 'frames', 'pages']).nullable(),
  beside: z.object({ route: z.literal('text'), engine: z.string() }).nullable(),
  reasons: z.array(z.string()),
  explanation: z.object({ en: z.string(), zh: z.string() }),
  alternatives: z.array(Alternative),
  predictedLoss: z.object({ errorRate: z.number().nullable(), reason: z.string() }),
  predictedLatencyMs: z.number().nullable(),
  costUsd: z.number().nullable(),
});
export type PlanStep = z.infer<typeof PlanStep>;

export const Plan = z.array(PlanStep);
export type Plan = z.infer<typeof Plan>;
