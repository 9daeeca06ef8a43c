import type { Media, MediaKind } from '#contract/media.ts';
import type { Alternative, Plan, PlanStep, Route } from '#contract/plan.ts';
import type { Known, ModelCapabilities } from '#contract/ports.ts';

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
  /** Kinds this installation can pass through as they are. */
  readonly passThrough: ReadonlySet<MediaKind>;
}

const NOT_EVALUATED = 'No evaluation on your own data has measured this yet.';

/** Chooses the way in for every part and says why: native where the model takes it, text otherwise, none as a last word. */
export function planRoutes(request: PlanRequest): Plan {
  return request.media.map((media) => planPart(media, request));
}

function planPart(media: Media, request: PlanRequest): PlanStep {
  const considered = [native(media, request), text(media, request), embedding(request)];
  const chosen = considered.find(({ feasible }) => feasible === true);
  const route: Route = chosen?.route ?? 'none';
  const converter = request.converterFor(media);
  const others = considered.filter((one) => one !== chosen);
  return {
    part: media.part,
    kind: media.kind,
    route,
    engine: route === 'text' ? (converter?.engine ?? null) : route === 'native' ? request.model.id : null,
    // First why the better routes were not to be had, then why this one.
    reasons: considered.slice(0, chosen ? considered.indexOf(chosen) + 1 : undefined).map(({ reason }) => reason),
    alternatives: others,
    predictedLoss:
      route === 'none'
        ? { errorRate: 1, reason: 'The part does not reach the model.' }
        : { errorRate: null, reason: NOT_EVALUATED },
    predictedLatencyMs: null,
    costUsd: route === 'text' ? (converter?.costUsd ?? null) : route === 'none' ? 0 : null,
  };
}

function native(media: Media, { model, passThrough }: PlanRequest): Alternative {
  const takes: Known = model.capabilities.input[media.kind];
  if (takes === 'unknown') {
    return {
      route: 'native',
      feasible: 'unknown',
      reason: `Nobody has established whether ${model.id} takes ${media.kind}.`,
    };
  }
  if (!takes)
    return {
      route: 'native',
      feasible: false,
      reason: `${model.id} does not take ${media.kind} (${model.capabilities.source}).`,
    };
  if (!passThrough.has(media.kind)) {
    return {
      route: 'native',
      feasible: false,
      reason: `${model.id} takes ${media.kind}, but this version cannot hand it over.`,
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
