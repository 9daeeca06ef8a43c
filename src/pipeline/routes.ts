import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { Media, MediaPart } from '#contract/media.ts';
import type { Plan, RouteWish } from '#contract/plan.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { canFit, canMakeFrames, canMakePages } from '#native/index.ts';
import { planRoutes, type Ways } from '#plan/index.ts';
import { tellFate } from './fates.ts';
import type { Injections } from './inject.ts';
import type { Parts } from './parts.ts';
import { besideFor, isElsewhere, senseFor } from './senses.ts';
import type { Trip } from './trip.ts';

/** The parts to choose for: whose they are, which are not to go natively, and what could make vectors of them. */
export interface Choosing {
  readonly taken: readonly MediaPart[];
  readonly fromUser: ReadonlySet<string>;
  readonly asText: ReadonlySet<string>;
  readonly injections: Injections;
}

/** Step 3: chooses a route for every part, announces the plan, and notes what it leaves behind. */
export function chooseRoutes(
  { taken, fromUser, asText, injections }: Choosing,
  model: LanguageModel,
  parts: Parts,
  wish: RouteWish | undefined,
  trip: Trip,
): Plan {
  const ways = (part: MediaPart): Ways => {
    const { media } = part;
    const { senses, experience } = parts;
    const sense = senseFor(part, senses);
    return {
      converter: sense && {
        engine: sense.engine,
        only: sense.only,
        costUsd: sense.engines.some(isElsewhere) ? null : 0,
        latencyMs: experience.medianMs('text', sense.engine, media.kind),
      },
      injection: injections.get(media.part),
      beside: besideFor(part, senses),
      handOver: asText.has(media.part) ? FAILED : canHandOver(media, model, fromUser),
      frames: asText.has(media.part) ? FAILED : framesCan(media, model, fromUser),
      pages: asText.has(media.part) ? FAILED : pagesCan(part, model, fromUser),
      hasSound: part.sound !== undefined,
      nativeLatencyMs: experience.medianMs('native', model.id, media.kind),
    };
  };
  const plan = planRoutes({
    media: taken.map(({ media }) => media),
    model,
    ways: Object.fromEntries(taken.map((part) => [part.media.part, ways(part)])),
    wish,
  });
  trip.emit({ kind: 'plan-made', plan });
  for (const step of plan) if (step.route === 'none') tellFate(step.part, 'dropped', step.reasons.join(' '), trip);
  noteDropped(plan, taken, parts, trip);
  return plan;
}

/** Notes where a declared language helps nobody: a model that hears a recording itself is not told it. */
export function noteUntoldLanguage(plan: Plan, trip: Trip): void {
  const heardByModel = plan.filter(
    ({ route, kind, beside }) => route === 'native' && beside === null && (kind === 'audio' || kind === 'video'),
  );
  for (const { part, engine } of heardByModel) {
    const message = `${engine} takes ${part} as it is and was not told its language.`;
    trip.context.note(lossOf({ kind: 'option-ignored', stage: 'plan', part, engine, text: 'language', message }));
  }
}

const FAILED = 'that failed just now';
const NOT_USERS = 'a model takes media only from the user';

function canHandOver(media: Media, model: LanguageModel, fromUser: ReadonlySet<string>): true | string {
  if (!fromUser.has(media.part)) return NOT_USERS;
  if (!model.accepts) return `not as ${media.mimeType}: it cannot be handed over`;
  return canFit(media, model.capabilities.limits?.[media.kind], acceptsOf(media, model));
}

function framesCan(media: Media, model: LanguageModel, fromUser: ReadonlySet<string>): true | string {
  if (media.kind !== 'video') return 'it is no video';
  if (!fromUser.has(media.part)) return NOT_USERS;
  return model.accepts ? canMakeFrames(acceptsOf(media, model)) : 'pictures cannot be handed over';
}

function pagesCan(part: MediaPart, model: LanguageModel, fromUser: ReadonlySet<string>): true | string {
  if (!fromUser.has(part.media.part)) return NOT_USERS;
  return model.accepts ? canMakePages(part, acceptsOf(part.media, model)) : 'pictures cannot be handed over';
}

function acceptsOf(media: Media, model: LanguageModel) {
  return (form: Pick<Media, 'kind' | 'mimeType'>) => model.accepts?.({ ...media, ...form }) ?? false;
}

function noteDropped(plan: Plan, taken: readonly MediaPart[], { senses }: Parts, trip: Trip): void {
  const dropped = plan.filter(({ route }) => route === 'none');
  if (dropped.length > 0 && dropped.length === plan.length) {
    throw new SensoriumError(
      'plan.no-route',
      `No way in for ${taken.map(({ media }) => media.name).join(', ')}. ${dropped[0]?.reasons.join(' ')}`,
      {
        hint: 'Use a model that takes this kind of media, or send it as text or as a recording.',
      },
    );
  }
  const isBlind = senses.see.reader === null && senses.see.describer === null;
  for (const { part } of plan.filter(({ route, kind }) => isBlind && route === 'text' && kind === 'video')) {
    const message = 'The pictures of the video did not reach the model; only its sound was heard.';
    trip.context.note(lossOf({ kind: 'media-dropped', stage: 'plan', part, message }));
  }
  for (const { part, kind, reasons } of dropped) {
    const message = `The ${kind} did not reach the model: ${reasons.join(' ')}`;
    trip.context.note(lossOf({ kind: 'media-dropped', stage: 'plan', part, message }));
  }
}
