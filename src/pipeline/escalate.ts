import type { Clip as ClipPart, SettledPart } from '#ask/index.ts';
import { isSensoriumError } from '#contract/error.ts';
import type { DoubtfulSpan, Mitigation } from '#contract/ledger.ts';
import type { MediaPart } from '#contract/media.ts';
import type { Perception } from '#contract/perception.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { clipSays, clipsFor, cropSays, cropsFor } from '#mend/index.ts';
import { canFit, clipOf, cropOf, fitMedia } from '#native/index.ts';
import { mitigationOf } from './mitigations.ts';
import type { Trip } from './trip.ts';

/** What is escalated of one part: its text with what is doubtful in it, and which media the model is given already. */
export interface Escalating {
  readonly perception: Perception;
  readonly part: MediaPart;
  readonly spans: readonly DoubtfulSpan[];
  readonly given: readonly SettledPart[];
  readonly language: 'en' | 'zh';
  readonly maxPixels: number;
}

/** A stretch or piece before it is cut: how, and what the message says of it. */
interface Wanted {
  readonly cut: () => Promise<MediaPart>;
  readonly says: (number: number | null) => string;
}

/** Larger pictures are not opened where nobody has set a limit. */
export const MOST_PIXELS = 100e6;

/**
 * Cuts the most doubtful stretches of a recording, or pieces of a picture, for a model that is known to take such media, beside their text.
 * What is cut goes into `made`, to be closed later. A clip that cannot be made is no reason to fail.
 */
export async function escalated(
  escalating: Escalating,
  model: LanguageModel,
  made: MediaPart[],
  trip: Trip,
): Promise<{ readonly clips: readonly ClipPart[]; readonly mitigation: Mitigation }> {
  const { perception, part, given } = escalating;
  const name = part.media.part;
  const none = (note: string) => ({
    clips: [],
    mitigation: mitigationOf({ id: 'escalation', part: name, applied: false, by: model.id, note }),
  });
  const kind = perception.kind === 'picture' ? 'image' : part.sound ? 'audio' : null;
  if (kind === null) return none('It has neither sound nor a picture to cut a piece from.');
  const can = canTake(kind, part, model);
  if (can !== true) return none(can);
  const wanted = wantedOf(escalating, trip);
  if (wanted.length === 0) return none('Nothing doubtful in it has a known place.');
  const limits = model.capabilities.limits?.[kind];
  const used = given.filter((one) => 'media' in one && one.media.media.kind === kind).length;
  const room = (limits?.maxCount ?? Number.POSITIVE_INFINITY) - used;
  if (room <= 0) return none(`${model.id} takes no more of ${kind} at once.`);

  const accepts = acceptsOf(part, model);
  // The whole of it is there as text, so what a clip loses is no loss of the request.
  const context = { ...trip.context, note: () => {} };
  const clips: ClipPart[] = [];
  try {
    for (const { cut, says } of wanted.slice(0, room)) {
      const whole = await cut();
      made.push(whole);
      const fitted = await fitMedia(whole, limits, accepts, context);
      made.push(...fitted.filter((one) => one !== whole));
      const [media] = fitted;
      if (media) clips.push({ kind: 'clip', of: name, says, media });
    }
  } catch (error) {
    if (trip.signal.aborted || !isSensoriumError(error)) throw error;
    if (clips.length === 0) return none(`No piece of it could be cut: ${error.message}`);
  }
  const what = kind === 'audio' ? 'clips' : 'pieces';
  const note = `${clips.length} doubtful ${what} went to ${model.id} beside the text.`;
  return { clips, mitigation: mitigationOf({ id: 'escalation', part: name, applied: true, by: model.id, note }) };
}

function wantedOf({ perception, part, spans, language, maxPixels }: Escalating, trip: Trip): Wanted[] {
  const { context } = trip;
  if (perception.kind === 'picture') {
    return cropsFor(spans, perception).map((crop) => ({
      cut: () => cropOf(part, crop, maxPixels, context),
      says: (number) => cropSays(crop, number, language),
    }));
  }
  const durationMs = 'durationMs' in perception ? perception.durationMs : 0;
  return clipsFor(spans, durationMs).map((clip) => ({
    cut: () => clipOf(part, clip, context),
    says: (number) => clipSays(clip, number, language),
  }));
}

/** Only what is known to be taken is sent: a refusal would cost the whole answer. */
function canTake(kind: 'audio' | 'image', part: MediaPart, model: LanguageModel): true | string {
  if (model.capabilities.input[kind] !== true || !model.accepts) return `${model.id} is not known to take ${kind}.`;
  const form = { ...part.media, kind, mimeType: kind === 'audio' ? 'audio/wav' : 'image/png', sizeBytes: 0 };
  const can = canFit(form, model.capabilities.limits?.[kind], acceptsOf(part, model));
  return can === true || `${model.id} takes ${kind}, but ${can}.`;
}

function acceptsOf({ media }: MediaPart, model: LanguageModel) {
  return (form: { readonly kind: 'audio' | 'image' | 'video' | 'document' | 'text'; readonly mimeType: string }) =>
    model.accepts?.({ ...media, ...form }) ?? false;
}
