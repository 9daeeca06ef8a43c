import { SensoriumError } from '#contract/error.ts';
import type { Finding } from '#contract/finding.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { MediaPart, Pixels } from '#contract/media.ts';
import type { Document, Perception, Picture, Timeline, Transcript } from '#contract/perception.ts';
import { stopwatch } from '#kit/clock.ts';
import type { Conversion } from '#ledger/index.ts';
import { type Hearing, hear, knownDocument, read, see, watch } from '#perceive/index.ts';
import { openedLater } from './opened-later.ts';
import type { Parts } from './parts.ts';
import { recalled } from './recall.ts';
import type { Trip } from './trip.ts';

/** How a recording is to be heard: by which recogniser, in which language, with which words likely. */
export interface HearingWishes {
  readonly model?: string | undefined;
  readonly language?: string | undefined;
  readonly prompt?: string | undefined;
  /** The same for a recogniser that is known to heed it; others are not troubled with it. */
  readonly hotwords?: string | undefined;
  readonly task?: Hearing['task'];
}

export interface PerceivingWishes extends HearingWishes {
  /** Which language people are told things in. */
  readonly tell?: 'en' | 'zh' | undefined;
  /** Only what is said in it. */
  readonly soundOnly?: boolean | undefined;
  /** Text that is laid out (CSV, Markdown) is read as a document and not taken as it stands. */
  readonly asDocument?: boolean | undefined;
}

/** A part as text, and the conversion that made it so; `null` for what was text already. */
export interface Perceived {
  readonly perception: Perception;
  readonly conversion: Conversion | null;
}

/** Step 4a: turns one part into text, by the sense that its kind needs. What was turned into text before is remembered. */
export async function perceivePart(
  part: MediaPart,
  finding: Finding | undefined,
  wishes: PerceivingWishes,
  parts: Parts,
  trip: Trip,
): Promise<Perceived> {
  const { media } = part;
  const isLaidOut = wishes.asDocument === true && knownDocument(media.mimeType) !== null;
  if (media.kind === 'text' && !isLaidOut) {
    const text = new TextDecoder(charsetOf(media.mimeType)).decode(await part.bytes());
    return { perception: { part: media.part, kind: 'plain-text', text }, conversion: null };
  }
  const elapsedMs = stopwatch();
  const { perception, remembered } = await recalled(part, wishes, parts, trip, (own) =>
    perceiveAnew(part, finding, wishes, parts, own),
  );
  const conversion = {
    part: media.part,
    op: OPS[perception.kind],
    name: 'engine' in perception ? perception.engine : perception.kind,
    version: null,
    weightsSha256: null,
    latencyMs: elapsedMs(),
    remembered,
  };
  return { perception, conversion };
}

const OPS: Readonly<Record<Perception['kind'], string>> = {
  transcript: 'hear',
  picture: 'see',
  document: 'read',
  timeline: 'watch',
  'plain-text': 'take',
};

function charsetOf(mimeType: string): string {
  return /charset=([\w-]+)/.exec(mimeType)?.[1] ?? 'utf-8';
}

function perceiveAnew(
  part: MediaPart,
  finding: Finding | undefined,
  wishes: PerceivingWishes,
  parts: Parts,
  trip: Trip,
): Promise<Perception> {
  const eyes = parts.senses.see.reader ?? parts.senses.see.describer;
  const heard = () => trip.stage('perceive', () => hearPart(part, finding, wishes, parts, trip));
  if (wishes.soundOnly) return heard();
  if (part.media.kind === 'image') return seePart(part, wishes, parts, trip);
  if (part.media.kind === 'document' || part.media.kind === 'text') return readPart(part, wishes, parts, trip);
  if (part.media.kind === 'video' && eyes !== null) {
    return trip.stage('perceive', () => watchPart(part, finding, wishes, parts, trip));
  }
  return heard();
}

/** Hears a part that has sound; one without is the caller's mistake. */
async function hearPart(
  part: MediaPart,
  finding: Finding | undefined,
  { model, language, prompt, hotwords, task }: HearingWishes,
  parts: Parts,
  trip: Trip,
): Promise<Transcript> {
  if (!part.sound || finding?.kind !== 'sound') {
    throw new SensoriumError('hear.no-sound', `${part.media.name} has no sound (it is ${part.media.mimeType}).`, {
      hint: 'Give a recording, or a video that has a sound track.',
    });
  }
  const { sound } = part;
  const { second, speakers, tone, script, verbatim } = parts.senses.hear;
  const [recogniser, secondReader, diariser] = await Promise.all([
    parts.recogniser(model ?? parts.senses.hear.model, trip.signal),
    second === null ? null : parts.recogniser(second, trip.signal),
    speakers === null ? null : parts.diariser(speakers, trip.signal),
  ]);
  const likely = recogniser.capabilities.prompt === true ? hotwords : undefined;
  const { durationMs } = finding;
  const onProgress = (heardMs: number) => trip.emit({ kind: 'hearing-moved', part: finding.part, heardMs, durationMs });
  const onSegment: Hearing['onSegment'] = (heard) => trip.emit({ kind: 'segment-heard', part: finding.part, ...heard });
  const hearing = {
    ...{ part: finding.part, sound, finding, language, task, prompt: prompt ?? likely, onSegment, onProgress },
    ...{ second: secondReader, diariser, tone, script, verbatim, identifier: () => parts.identifier(trip.signal) },
  };
  return hear(hearing, recogniser, trip.context);
}

async function seePart(part: MediaPart, wishes: PerceivingWishes, parts: Parts, trip: Trip): Promise<Picture> {
  const eyes = await openEyes(parts, trip);
  const { part: name, mimeType } = part.media;
  const maxPixels = parts.taking.limits?.maxPixels;
  const seeing = { part: name, bytes: await part.bytes(), mimeType, language: wishes.tell ?? 'en', maxPixels };
  const picture = await trip.stage('perceive', () => see(seeing, eyes, trip.context));
  noteUndescribed(name, picture.engine, parts, trip);
  return picture;
}

async function readPart(part: MediaPart, wishes: PerceivingWishes, parts: Parts, trip: Trip): Promise<Document> {
  const { part: name } = part.media;
  const { reader: id } = parts.senses.see;
  // Most documents have no scanned page, so what reads those is opened when one comes.
  const reader = id === null ? null : openedLater(id, () => parts.reader(id, trip.signal));
  const onPage = (done: number, total: number | null) =>
    trip.emit({ kind: 'seeing-moved', part: name, done, total, unit: 'pages' });
  const maxPages = parts.taking.limits?.maxPages;
  const reading = { media: part, reader, language: wishes.tell ?? 'en', maxPages, onPage };
  return trip.stage('perceive', () => read(reading, trip.context));
}

async function watchPart(
  part: MediaPart,
  finding: Finding | undefined,
  wishes: PerceivingWishes,
  parts: Parts,
  trip: Trip,
): Promise<Timeline> {
  const eyes = await openEyes(parts, trip);
  const { part: name } = part.media;
  const language = wishes.tell ?? 'en';
  // What single frames lack is told once, of the video as a whole.
  const lost = new Map<Loss['kind'], { readonly first: Loss; count: number }>();
  const perFrame = {
    ...trip.context,
    note(loss: Loss) {
      const known = lost.get(loss.kind);
      if (known) known.count += 1;
      else lost.set(loss.kind, { first: loss, count: 1 });
    },
  };
  const timeline = await watch(
    {
      media: part,
      language,
      maxFrames: parts.senses.watch.maxFrames,
      transcript: async () => (part.sound ? hearPart(part, finding, wishes, parts, trip) : null),
      see: (pixels: Pixels) =>
        see({ part: name, pixels, mimeType: 'image/x-pixels', language, oneOfMany: true }, eyes, perFrame),
      onProgress: (done: number, total: number | null) =>
        trip.emit({ kind: 'seeing-moved', part: name, done, total, unit: 'frames' }),
    },
    trip.context,
  );
  for (const { first, count } of lost.values()) {
    trip.context.note(count === 1 ? first : { ...first, extent: count, unit: 'frames', action: 'told of the first' });
  }
  return timeline;
}

async function openEyes(parts: Parts, { signal }: Trip) {
  const { reader, describer } = parts.senses.see;
  return {
    reader: reader === null ? null : await parts.reader(reader, signal),
    describer: describer === null ? null : await parts.describer(describer, signal),
  };
}

function noteUndescribed(part: string, engine: string, parts: Parts, trip: Trip): void {
  if (parts.senses.see.describer !== null) return;
  trip.context.note(
    lossOf({
      kind: 'not-described',
      stage: 'perceive',
      part,
      engine,
      message: 'Only the writing in it was read; what it shows was not told.',
      action: 'Set see.describer to a model that sees, or ask a model that takes pictures itself.',
    }),
  );
}
