import { SensoriumError } from '#contract/error.ts';
import type { PipelineEvent } from '#contract/events.ts';
import type { MediaPart } from '#contract/media.ts';
import type { Perception } from '#contract/perception.ts';
import type { PlanStep } from '#contract/plan.ts';
import { type Conversion, transcriptIn } from '#ledger/index.ts';
import type { MediaInput } from '#media/index.ts';
import { accountFor } from './account.ts';
import { lookAt } from './look.ts';
import { mitigationsOfHearing } from './mitigations.ts';
import type { Parts } from './parts.ts';
import { type PerceivingWishes, perceivePart } from './perceive-part.ts';
import { closeParts, takeParts } from './take.ts';
import { travel } from './trip.ts';

export interface PerceiveRequest extends Omit<PerceivingWishes, 'soundOnly' | 'asDocument'> {
  readonly media: MediaInput;
  /** What is to be done with it; of a video `hear` takes the sound only. `whatever` does what fits its kind. */
  readonly sense?: 'hear' | 'see' | 'read' | 'watch' | 'whatever' | undefined;
  /** The id of the request, where it has one already. */
  readonly requestId?: string | undefined;
}

/** A recording to hear. */
export type HearRequest = Omit<PerceiveRequest, 'sense'>;

/** Turns one medium into text: take in, look, perceive. The last event is `part-perceived`. */
export function perceiveOne(
  request: PerceiveRequest,
  parts: Parts,
  signal?: AbortSignal,
): AsyncIterable<PipelineEvent> {
  const { media, sense = 'whatever', requestId, ...wishes } = request;
  return travel(
    async (trip) => {
      const taken = await takeParts([{ input: media, fromUser: true }], parts, trip, () =>
        parts.checkRecogniser(request.model ?? parts.senses.hear.model),
      );
      try {
        const [part] = taken;
        if (!part) return;
        refuseOtherSense(sense, part.media.kind, part.media.name);
        const [finding] = await lookAt(taken, () => true, parts, trip);
        const asked = { ...wishes, soundOnly: sense === 'hear', asDocument: sense === 'read' };
        const { perception, conversion } = await perceivePart(part, finding, asked, parts, trip);
        const accounted = {
          language: languageFor(perception, wishes),
          media: [part.media],
          findings: finding ? [finding] : [],
          plan: [asText(part, conversion)],
          perceptions: [perception],
          conversions: conversion ? [conversion] : [],
          mitigations: mitigationsOfHearing([perception], trip.losses, parts.senses.hear),
          asked: null,
        };
        trip.emit({ kind: 'ledger-made', ledger: await accountFor(accounted, parts, trip) });
        trip.emit({ kind: 'part-perceived', perception });
      } finally {
        await closeParts(taken);
      }
    },
    { signal, requestId, timeouts: parts.timeouts },
  );
}

/** The language people are told things in: the one they asked for, else the one that is spoken. */
function languageFor(perception: Perception, { tell, language }: PerceivingWishes): 'en' | 'zh' {
  const [heard] = transcriptIn(perception);
  return /^zh\b/i.test(tell ?? language ?? heard?.language ?? '') ? 'zh' : 'en';
}

/** The way of a part that was asked for as text: there was nothing to choose. */
function asText({ media }: MediaPart, conversion: Conversion | null): PlanStep {
  return {
    ...{
      part: media.part,
      kind: media.kind,
      route: 'text',
      engine: conversion?.name ?? null,
      form: null,
      beside: null,
    },
    ...{ reasons: ['It was asked for as text.'], alternatives: [] },
    explanation: { en: 'As text, as was asked for.', zh: '按要求转成文字。' },
    predictedLoss: { errorRate: null, reason: 'Nothing was predicted: no way was chosen.' },
    ...{ predictedLatencyMs: null, costUsd: null },
  };
}

const KINDS: Readonly<Record<'see' | 'read' | 'watch', readonly string[]>> = {
  see: ['image'],
  read: ['document', 'text', 'image'],
  watch: ['video'],
};
const FITTING: Readonly<Record<string, string>> = {
  audio: 'hear',
  video: 'watch',
  image: 'see',
  document: 'read',
  text: 'read',
};

function refuseOtherSense(sense: keyof typeof KINDS | 'hear' | 'whatever', kind: string, name: string): void {
  if (sense === 'whatever' || sense === 'hear' || KINDS[sense].includes(kind)) return;
  throw new SensoriumError('media.unsupported', `${name} is ${kind}: nothing to ${sense}.`, {
    hint: `Try: sensorium ${FITTING[kind] ?? 'ask'} FILE.`,
    details: { kind },
  });
}
