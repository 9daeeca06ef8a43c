import type { Finding, SoundFinding } from '#contract/finding.ts';
import type { Ledger, Mitigation } from '#contract/ledger.ts';
import type { Loss } from '#contract/loss.ts';
import type { Media } from '#contract/media.ts';
import type { Perception } from '#contract/perception.ts';
import type { Plan, PlanStep } from '#contract/plan.ts';
import { accuracyOf } from './accuracy/accuracy.ts';
import type { CalibrationProfile } from './accuracy/profile.ts';
import { conversionLoss } from './conversion/conversion.ts';
import { compatibilityOf, type GivenVectors } from './embedding.ts';
import { type ModelKnowledge, modelLoss } from './model/model.ts';
import { movedSpans } from './moved.ts';
import { transcriptIn } from './transcripts.ts';
import { uncoveredMs } from './uncovered.ts';
import { unmeasured } from './unmeasured.ts';
import { isBlank, NOTHING_CAME_THROUGH } from './verdict/blank.ts';
import { judge } from './verdict/verdict.ts';

/** One conversion as the pipeline saw it: which component, which weights, how long it took. */
export interface Conversion {
  readonly part: string;
  readonly op: string;
  readonly name: string;
  readonly version: string | null;
  readonly weightsSha256: string | null;
  readonly latencyMs: number;
  /** It was turned into text before, so nothing was done but looking it up. */
  readonly remembered: boolean;
}

export interface LedgerInput {
  readonly requestId: string;
  readonly createdAt: Date;
  /** Language of the one sentence for people: `zh` or anything else for English. */
  readonly language: string;
  readonly media: readonly Media[];
  readonly findings: readonly Finding[];
  readonly plan: Plan;
  readonly perceptions: readonly Perception[];
  readonly conversions: readonly Conversion[];
  readonly losses: readonly Loss[];
  readonly mitigations: readonly Mitigation[];
  /** Parts that went in as vectors; left out where none did. */
  readonly vectors?: readonly GivenVectors[] | undefined;
}

/** What is known beside the request; `null` where it cannot be had. */
export interface Knowledge extends ModelKnowledge {
  /** The user's own calibration profile. */
  readonly profile?: CalibrationProfile | null | undefined;
}

const NOTHING_KNOWN: Knowledge = { dictionary: null, english: null, tokens: null };

/** Above this many doubtful spans only the most doubtful are listed, the rest counted. */
const MAX_SPANS = 200;

/** Collects everything one request lost into its ledger. What nobody measured is `null` with the reason. */
export function makeLedger(input: LedgerInput, knowledge: Knowledge = NOTHING_KNOWN): Ledger {
  const { loss: accuracy, spans: before, calibration } = accuracyOf(input, knowledge);
  const probablyWrong = movedSpans(before, input.perceptions);
  const { loss: model, spans: misleading } = modelLoss(input, probablyWrong, knowledge);
  const all = [...probablyWrong, ...misleading];
  const spans = [...all].sort((a, b) => b.pError - a.pError).slice(0, MAX_SPANS);
  spans.sort((a, b) => a.part.localeCompare(b.part) || a.start - b.start);
  const judged: Omit<Ledger, 'verdict'> = {
    schema: 'loss-ledger/1',
    requestId: input.requestId,
    createdAt: input.createdAt.toISOString(),
    routes: input.plan.map(routeOf),
    inputs: input.media.map((media) => inputOf(media, input)),
    conversions: input.conversions.map((conversion) => conversionOf(conversion, input)),
    spans,
    spansSummarised: all.length - spans.length,
    loss: {
      accuracy,
      conversion: conversionLoss(input),
      model,
      embedding: { compatibility: compatibilityOf(input.vectors ?? []) },
    },
    losses: [...input.losses],
    mitigations: [...input.mitigations],
    impact: unmeasured('No evaluation has linked losses to changed answers on your data.'),
    calibration,
  };
  return { ...judged, verdict: judge(judged, input.language) };
}

function routeOf(step: PlanStep): Ledger['routes'][number] {
  const chosen = { route: step.route, expectedQuality: null, costUsd: step.costUsd, reason: step.reasons.at(-1) ?? '' };
  const others = step.alternatives.map(({ route, reason }) => ({
    route,
    expectedQuality: null,
    costUsd: null,
    reason,
  }));
  return { part: step.part, chosen: step.route, considered: [...(step.route === 'none' ? [] : [chosen]), ...others] };
}

function inputOf(media: Media, { findings, plan, perceptions }: LedgerInput): Ledger['inputs'][number] {
  const sound = soundFinding(findings, media.part);
  const step = plan.find(({ part }) => part === media.part);
  const isLost = perceptions.some((one) => one.part === media.part && isBlank(one));
  return {
    id: media.part,
    kind: media.kind,
    sha256: media.sha256,
    durationMs: sound?.durationMs ?? null,
    rmsDb: sound?.rmsDb ?? null,
    snrDb: sound?.snrDb ?? null,
    clippedRatio: sound?.clippedRatio ?? null,
    speechRatio: sound?.speechRatio ?? null,
    fate: !step || step.route === 'none' ? 'dropped' : fateOf(step.route, step.engine, isLost),
  };
}

function fateOf(route: string, engine: string | null, isLost: boolean): string {
  return `${route}${engine ? ` by ${engine}` : ''}${isLost ? `, ${NOTHING_CAME_THROUGH}` : ''}`;
}

function conversionOf(conversion: Conversion, { findings, perceptions }: LedgerInput): Ledger['conversions'][number] {
  const sound = soundFinding(findings, conversion.part);
  const [heard] = perceptions.filter(({ part }) => part === conversion.part).flatMap(transcriptIn);
  return {
    part: conversion.part,
    op: conversion.op,
    component: { name: conversion.name, version: conversion.version, weightsSha256: conversion.weightsSha256 },
    language: heard?.language ?? null,
    latencyMs: conversion.latencyMs,
    remembered: conversion.remembered,
    realTimeFactor:
      sound && sound.durationMs > 0 && !conversion.remembered ? round(conversion.latencyMs / sound.durationMs) : null,
    coverage: {
      mediaMsUsed: heard ? heard.segments.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0) : null,
      uncoveredVoicedMs: sound && heard ? uncoveredMs(sound.speech, heard.segments) : null,
    },
  };
}

function soundFinding(findings: readonly Finding[], part: string): SoundFinding | undefined {
  return findings.find((one): one is SoundFinding => one.kind === 'sound' && one.part === part);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
