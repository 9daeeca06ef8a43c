import type { Known, ModelCapabilities } from '#contract/capabilities.ts';
import { SensoriumError } from '#contract/error.ts';
import type { Media } from '#contract/media.ts';
import type { Alternative, Plan, PlanStep, Route, RouteWish } from '#contract/plan.ts';

/** What can turn one kind of media into text here. */
export interface Converter {
  readonly engine: string;
  readonly costUsd: number | null;
}

export interface PlanRequest {
  readonly media: readonly Media[];
  readonly model: { readonly id: string; readonly capabilities: ModelCapabilities };
  /** What can turn a part into text here; `null` where nothing can. */
  converterFor(media: Media): Converter | null;
  /** Whether a part can be handed to the model as it is; else why not, as a clause. */
  handOver(media: Media): true | string;
  /** The way the caller asks for. */
  readonly wish?: RouteWish | undefined;
}

const NOT_EVALUATED = 'No evaluation on your own data has measured this yet.';

/**
 * Chooses the way in for every part and says why: the one asked for, else native where the model takes it, text otherwise,
 * and native on trial where nobody knows and nothing else is left. Throws `plan.no-route` when the way asked for is
 * required and cannot be had.
 */
export function planRoutes(request: PlanRequest): Plan {
  return request.media.map((media) => planPart(media, request));
}

function planPart(media: Media, request: PlanRequest): PlanStep {
  const considered = [native(media, request), text(media, request), embedding(request)];
  const { chosen, before } = choose(considered, media, request);
  const route: Route = chosen?.route ?? 'none';
  const converter = route === 'text' ? request.converterFor(media) : null;
  return {
    part: media.part,
    kind: media.kind,
    route,
    engine: route === 'native' ? request.model.id : (converter?.engine ?? null),
    reasons: [...before, ...(chosen ? [chosen] : [])].map(({ reason }) => reason),
    alternatives: considered.filter((one) => one.route !== route),
    predictedLoss:
      route === 'none'
        ? { errorRate: 1, reason: 'The part does not reach the model.' }
        : { errorRate: null, reason: NOT_EVALUATED },
    predictedLatencyMs: null,
    costUsd: route === 'text' ? (converter?.costUsd ?? null) : route === 'none' ? 0 : null,
  };
}

/** The way to take, and those before it that were not to be had. */
function choose(
  considered: readonly Alternative[],
  media: Media,
  { wish, model }: PlanRequest,
): { chosen: Alternative | undefined; before: readonly Alternative[] } {
  const wished = wish && considered.find(({ route }) => route === wish.route);
  if (wished && (wished.feasible === true || (wished.feasible === 'unknown' && wished.route === 'native'))) {
    return { chosen: { ...wished, reason: `You asked for it. ${wished.reason}` }, before: [] };
  }
  if (wished && wish?.policy === 'require') {
    throw new SensoriumError(
      'plan.no-route',
      `The ${wished.route} route is required and cannot be had: ${wished.reason}`,
      {
        hint: 'Ask for route “auto”, or use a model that has this way in.',
        details: { part: media.part, route: wished.route },
      },
    );
  }
  const sure = considered.find(({ feasible }) => feasible === true);
  if (sure) return { chosen: sure, before: considered.slice(0, considered.indexOf(sure)) };
  if (considered.some(({ route, feasible }) => route === 'native' && feasible === 'unknown')) {
    const reason = `Nobody has established whether ${model.id} takes ${media.kind}; it is handed over because there is no other way in.`;
    return { chosen: { route: 'native', feasible: 'unknown', reason }, before: considered.slice(1) };
  }
  return { chosen: undefined, before: considered };
}

function native(media: Media, { model, handOver }: PlanRequest): Alternative {
  const takes: Known = model.capabilities.input[media.kind];
  if (!takes)
    return {
      route: 'native',
      feasible: false,
      reason: `${model.id} does not take ${media.kind} (${model.capabilities.source}).`,
    };
  const able = handOver(media);
  if (able !== true) {
    const known = takes === 'unknown' ? `${model.id} may take` : `${model.id} takes`;
    return {
      route: 'native',
      feasible: false,
      reason: `${known} ${media.kind}, but ${able}.`,
    };
  }
  if (takes === 'unknown') {
    return {
      route: 'native',
      feasible: 'unknown',
      reason: `Nobody has established whether ${model.id} takes ${media.kind}.`,
    };
  }
  return {
    route: 'native',
    feasible: true,
    reason: `${model.id} takes ${media.kind} itself, so nothing is lost before the model.`,
  };
}

function text(media: Media, { converterFor }: PlanRequest): Alternative {
  if (media.kind === 'text') return { route: 'text', feasible: true, reason: 'It is text already.' };
  const converter = converterFor(media);
  return converter
    ? {
        route: 'text',
        feasible: true,
        reason: `${converter.engine} can turn ${media.kind === 'video' ? 'its sound' : media.kind} into text.`,
      }
    : { route: 'text', feasible: false, reason: `Nothing installed here turns ${media.kind} into text.` };
}

function embedding({ model }: PlanRequest): Alternative {
  const takes = model.capabilities.embeddings;
  if (takes === true) {
    return {
      route: 'embedding',
      feasible: false,
      reason: 'No embedding component has passed the compatibility gate for this model.',
    };
  }
  return {
    route: 'embedding',
    feasible: takes,
    reason:
      takes === false
        ? `${model.id} takes no embeddings.`
        : `Nobody has established whether ${model.id} takes embeddings.`,
  };
}
