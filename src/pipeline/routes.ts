import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { Media, MediaPart } from '#contract/media.ts';
import type { Plan, RouteWish } from '#contract/plan.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { planRoutes } from '#plan/index.ts';
import type { Trip } from './trip.ts';

/** Step 3: chooses a route for every part, announces the plan, and notes what it leaves behind. */
export function chooseRoutes(
  taken: readonly MediaPart[],
  fromUser: ReadonlySet<string>,
  model: LanguageModel,
  recogniserId: string,
  wish: RouteWish | undefined,
  trip: Trip,
): Plan {
  const sounding = new Set(taken.filter(({ sound }) => sound).map(({ media }) => media.part));
  const plan = planRoutes({
    media: taken.map(({ media }) => media),
    model,
    converterFor: ({ part }) => (sounding.has(part) ? { engine: recogniserId, costUsd: 0 } : null),
    handOver: (media) => handOver(media, model, fromUser),
    wish,
  });
  trip.emit({ kind: 'plan-made', plan });
  for (const step of plan) {
    const known = trip.fates.get(step.part);
    if (step.route === 'none' && known) {
      trip.fates.set(step.part, { ...known, fate: 'dropped', reason: step.reasons.join(' ') });
    }
  }
  noteDropped(plan, taken, trip);
  return plan;
}

/** Notes where a declared language helps nobody: a model that hears a recording itself is not told it. */
export function noteUntoldLanguage(plan: Plan, trip: Trip): void {
  const heardByModel = plan.filter(({ route, kind }) => route === 'native' && (kind === 'audio' || kind === 'video'));
  for (const { part, engine } of heardByModel) {
    const message = `${engine} takes ${part} as it is and was not told its language.`;
    trip.context.note(lossOf({ kind: 'option-ignored', stage: 'plan', part, engine, text: 'language', message }));
  }
}

function handOver(media: Media, model: LanguageModel, fromUser: ReadonlySet<string>): true | string {
  if (!fromUser.has(media.part)) return 'a model takes media only from the user';
  return model.accepts?.(media) || `not as ${media.mimeType}: it cannot be handed over`;
}

function noteDropped(plan: Plan, taken: readonly MediaPart[], trip: Trip): void {
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
  for (const { part } of plan.filter(({ route, kind }) => route === 'text' && kind === 'video')) {
    const message = 'The pictures of the video did not reach the model; only its sound was heard.';
    trip.context.note(lossOf({ kind: 'media-dropped', stage: 'plan', part, message }));
  }
  for (const { part, kind, reasons } of dropped) {
    const message = `The ${kind} did not reach the model: ${reasons.join(' ')}`;
    trip.context.note(lossOf({ kind: 'media-dropped', stage: 'plan', part, message }));
  }
}
