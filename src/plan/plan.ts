import { SensoriumError } from '#contract/error.ts';
import type { Media } from '#contract/media.ts';
import type { Plan, PlanStep, Policy, Route, RouteChoice, RouteWish } from '#contract/plan.ts';
import { explain } from './explain.ts';
import { type Model, type Way, type Ways, waysFor } from './ways.ts';

/** Everything a plan is made of. The same request always makes the same plan. */
export interface PlanRequest {
  readonly media: readonly Media[];
  readonly model: Model;
  /** What can be done with each part here, by its name. */
  readonly ways: Readonly<Record<string, Ways>>;
  readonly wish?: RouteWish | undefined;
}

const NOT_EVALUATED = 'No evaluation on your own data has measured this yet.';
const NOTHING: Ways = {
  converter: null,
  handOver: 'nobody has looked',
  frames: 'nobody has looked',
  hasSound: false,
  beside: null,
};

/**
 * Chooses the way in for every part and says why: the one asked for, else what the policy says, which is native where the
 * model takes it, text otherwise, and native on trial where nobody knows and nothing else is left. Throws `plan.no-route`
 * when the way asked for is required and cannot be had.
 */
export function planRoutes(request: PlanRequest): Plan {
  return request.media.map((media) => planPart(media, request));
}

function planPart(media: Media, { model, ways: all, wish }: PlanRequest): PlanStep {
  const ways = all[media.part] ?? NOTHING;
  const considered = waysFor(media, ways, model);
  const policy = wish?.policy ?? 'auto';
  const wanted = wishFor(media, wish);
  const { chosen, before } = choose(considered, wanted, policy, { media, ways, model });
  const route: Route = chosen?.route ?? 'none';
  const converter = route === 'text' ? ways.converter : null;
  const about = {
    part: media.part,
    kind: media.kind,
    route,
    engine: engineOf(route, ways, model),
    form: route === 'native' ? formOf(chosen) : null,
    beside: route === 'native' && goesWithText(media, ways, model, wanted, chosen) ? besideOf(ways) : null,
  };
  return {
    ...about,
    reasons: [...before, ...(chosen ? [chosen] : [])].map(({ reason }) => reason),
    explanation: explain(
      about,
      chosen,
      before.find(({ route }) => route === 'native'),
      model.id,
    ),
    alternatives: considered
      .filter((one) => one.route !== route)
      .map(({ route, feasible, reason }) => ({ route, feasible, reason })),
    predictedLoss:
      route === 'none'
        ? { errorRate: 1, reason: 'The part does not reach the model.' }
        : { errorRate: null, reason: NOT_EVALUATED },
    predictedLatencyMs: (route === 'native' ? ways.nativeLatencyMs : converter?.latencyMs) ?? null,
    costUsd: route === 'text' ? (converter?.costUsd ?? null) : route === 'none' ? 0 : null,
  };
}

function engineOf(route: Route, { converter, injection }: Ways, { id }: Model): string | null {
  if (route === 'native') return id;
  if (route === 'text') return converter?.engine ?? null;
  return route === 'embedding' && typeof injection === 'object' ? injection.component : null;
}

function formOf(chosen: Way | undefined): PlanStep['form'] {
  return chosen?.why === 'frames' || chosen?.why === 'pages' ? chosen.why : 'whole';
}

function wishFor({ kind }: Media, wish: RouteWish | undefined): RouteChoice {
  if (wish === undefined) return 'auto';
  return typeof wish.route === 'string' ? wish.route : (wish.route[kind] ?? 'auto');
}

/** Text goes along where it was asked for, and where the model sees a video without hearing it. */
function goesWithText(media: Media, ways: Ways, { capabilities }: Model, wanted: RouteChoice, chosen?: Way): boolean {
  if (wanted === 'hybrid') return true;
  if (media.kind !== 'video' || !ways.hasSound) return false;
  return chosen?.why === 'frames' || capabilities.rules?.hearsVideo === false;
}

function besideOf({ beside }: Ways): PlanStep['beside'] {
  return beside === null ? null : { route: 'text', engine: beside };
}

interface Part {
  readonly media: Media;
  readonly ways: Ways;
  readonly model: Model;
}

/** The way to take, and those before it that were not to be had. */
function choose(
  considered: readonly [Way, Way, Way],
  wanted: RouteChoice,
  policy: Policy,
  part: Part,
): { chosen: Way | undefined; before: readonly Way[] } {
  const [native] = considered;
  const wished = considered.find(({ route }) => route === (wanted === 'hybrid' ? 'native' : wanted));
  if (wished && (wished.feasible === true || (wished.feasible === 'unknown' && wished.route === 'native'))) {
    return { chosen: { ...wished, reason: `You asked for it. ${wished.reason}` }, before: [] };
  }
  if (wished && policy === 'require') {
    throw new SensoriumError('plan.no-route', `The ${wanted} route is required and cannot be had: ${wished.reason}`, {
      hint: 'Ask for route “auto”, or use a model that has this way in.',
      details: { part: part.media.part, route: wanted },
    });
  }
  if (policy === 'most-faithful' && native.feasible === 'unknown') {
    return { chosen: trial(native, part, 'the most faithful way was asked for'), before: [] };
  }
  const { converter } = part.ways;
  if (native.feasible === 'unknown' && converter?.only !== undefined && policy !== 'cheapest' && policy !== 'fastest') {
    return { chosen: trial(native, part, `${converter.engine} would only tell ${converter.only}`), before: [] };
  }
  const sure = considered.filter(({ feasible }) => feasible === true);
  // Pictures of pages are few, and a document may have many; its text goes in whole.
  const usual = native.why === 'pages' && policy !== 'most-faithful' ? (sure[1] ?? native) : withVectors(sure, part);
  const best = bestOf(sure, policy, part) ?? usual;
  if (best)
    return {
      chosen: best,
      before: considered
        .slice(
          0,
          considered.findIndex(({ route }) => route === best.route),
        )
        .filter(({ route }) => best.route !== 'embedding' || route === 'native'),
    };
  if (native.feasible === 'unknown')
    return { chosen: trial(native, part, 'there is no other way in'), before: considered.slice(1) };
  return { chosen: undefined, before: considered };
}

/** The first way that is sure; vectors stand before text only where they were shown to tell the model no less. */
function withVectors(sure: readonly Way[], { ways: { injection } }: Part): Way | undefined {
  const [first] = sure;
  const vectors = sure.find(({ route }) => route === 'embedding');
  const isAsGood = typeof injection === 'object' && injection.asGoodAsText;
  if (!vectors || !isAsGood || first?.route !== 'text') return first;
  return { ...vectors, reason: `${vectors.reason} Text tells it no more.` };
}

function trial(native: Way, { media, model }: Part, why: string): Way {
  const reason = `Nobody has established whether ${model.id} takes ${media.kind}; it is handed over because ${why}.`;
  return { ...native, why: 'trial', reason };
}

/** The way that is known to be cheapest or fastest; `undefined` where nobody has measured enough to say. */
function bestOf(sure: readonly Way[], policy: Policy, { ways }: Part): Way | undefined {
  if (policy !== 'cheapest' && policy !== 'fastest') return undefined;
  const figures = sure.map((way) => ({
    way,
    figure: policy === 'cheapest' ? costOf(way, ways) : latencyOf(way, ways),
  }));
  // Nothing costs less than nothing, whatever the others cost.
  const free = policy === 'cheapest' ? figures.find(({ figure }) => figure === 0) : undefined;
  if (!free && figures.some(({ figure }) => figure === null)) return undefined;
  const [best] = free ? [free] : figures.sort((a, b) => (a.figure ?? 0) - (b.figure ?? 0));
  if (!best || sure.length < 2) return undefined;
  const words =
    policy === 'cheapest' ? 'It costs least.' : `It was fastest before (${Math.round(best.figure ?? 0)} ms).`;
  return { ...best.way, reason: `${words} ${best.way.reason}` };
}

function costOf({ route }: Way, { converter }: Ways): number | null {
  return route === 'text' ? (converter?.costUsd ?? null) : null;
}

function latencyOf({ route }: Way, { converter, nativeLatencyMs }: Ways): number | null {
  return (route === 'text' ? converter?.latencyMs : nativeLatencyMs) ?? null;
}
