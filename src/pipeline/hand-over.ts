import type { SettledPart } from '#ask/index.ts';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import type { Media, MediaPart } from '#contract/media.ts';
import type { Plan, PlanStep } from '#contract/plan.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { fitMedia, framesOf, pagesOf } from '#native/index.ts';
import { tellFate } from './fates.ts';
import type { Trip } from './trip.ts';

/** Frames of one video where the model says nothing of how many pictures it takes. */
const FRAMES = 16;
/** The same for pages of one document. */
const PAGES = 16;

/** What goes to the model natively, part by part. */
export interface HandedOver {
  readonly content: ReadonlyMap<string, readonly SettledPart[]>;
  /** Parts that could not be brought into a form the model takes. */
  readonly unfit: ReadonlySet<string>;
}

/** Step 4b: brings every native part into a form the model takes. What is made for it is added to `made`, to be closed later. */
export async function handOver(
  taken: readonly MediaPart[],
  plan: Plan,
  model: LanguageModel,
  made: MediaPart[],
  trip: Trip,
): Promise<HandedOver> {
  const content = new Map<string, readonly SettledPart[]>();
  const unfit = new Set<string>();
  const counts = new Map<Media['kind'], number>();
  for (const step of plan.filter(({ route }) => route === 'native')) {
    const part = taken.find(({ media }) => media.part === step.part);
    if (!part) continue;
    try {
      const parts = await fitted(part, step, model, counts, made, trip);
      content.set(step.part, parts);
      tellFate(step.part, 'native', `It was handed to ${model.id} ${howHanded(part, step, parts)}.`, trip);
    } catch (error) {
      if (!isSensoriumError(error) || error.code !== 'native.cannot-fit') throw error;
      unfit.add(step.part);
      tellFate(step.part, 'dropped', error.message, trip);
    }
  }
  return { content, unfit };
}

async function fitted(
  part: MediaPart,
  { form }: PlanStep,
  model: LanguageModel,
  counts: Map<Media['kind'], number>,
  made: MediaPart[],
  trip: Trip,
): Promise<SettledPart[]> {
  const kind = form === 'frames' || form === 'pages' ? 'image' : part.media.kind;
  const limits = model.capabilities.limits?.[kind];
  const used = counts.get(kind) ?? 0;
  const room = (limits?.maxCount ?? Number.POSITIVE_INFINITY) - used;
  if (room <= 0) {
    throw new SensoriumError('native.cannot-fit', `${model.id} takes at most ${used} of ${kind} at once.`, {
      hint: 'Send fewer at once.',
      details: { part: part.media.part },
    });
  }
  const accepts = (media: Pick<Media, 'kind' | 'mimeType'>) => model.accepts?.({ ...part.media, ...media }) ?? false;
  if (form === 'frames') {
    const maxFrames = Math.min(FRAMES, room);
    const frames = await framesOf(part, { maxFrames, limits, accepts }, trip.context);
    made.push(...frames.map(({ part: frame }) => frame));
    counts.set(kind, used + frames.length);
    return frames.flatMap(({ part: frame, atMs }): SettledPart[] => [
      { kind: 'text', text: `[${clock(atMs)}]` },
      { kind: 'media', media: frame },
    ]);
  }
  if (form === 'pages') {
    const pages = await pagesOf(part, { maxPages: Math.min(PAGES, room), limits, accepts }, trip.context);
    made.push(...pages.map(({ part: page }) => page));
    counts.set(kind, used + pages.length);
    return pages.flatMap(({ part: page, number }): SettledPart[] => [
      { kind: 'text', text: `[page ${number}]` },
      { kind: 'media', media: page },
    ]);
  }
  const left = limits?.maxCount === undefined ? limits : { ...limits, maxCount: room };
  const pieces = await fitMedia(part, left, accepts, trip.context);
  made.push(...pieces.filter((piece) => piece !== part));
  counts.set(kind, used + pieces.length);
  return pieces.map((media) => ({ kind: 'media', media }));
}

function howHanded(part: MediaPart, { form }: PlanStep, parts: readonly SettledPart[]): string {
  if (form === 'frames') return 'as frames of it';
  if (form === 'pages') return 'as pictures of its pages';
  const isSame = parts.length === 1 && parts[0]?.kind === 'media' && parts[0].media === part;
  return isSame ? 'as it is' : 'changed to fit what it takes';
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}
