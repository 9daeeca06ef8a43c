import type { Finding } from '#contract/finding.ts';
import type { MediaPart } from '#contract/media.ts';
import type { Perception } from '#contract/perception.ts';
import type { Plan, PlanStep } from '#contract/plan.ts';
import { stopwatch } from '#kit/clock.ts';
import type { Conversion } from '#ledger/index.ts';
import { tellFate } from './fates.ts';
import { lookAt, perceivePart } from './listen.ts';
import type { Parts } from './parts.ts';
import type { Trip } from './trip.ts';

/** What is known of the parts of one request as text: looked at and heard once, however many models are asked. */
export interface Perceiving {
  /** Turns into text what a plan wants as text and is none yet. */
  perceive(plan: Plan): Promise<void>;
  readonly findings: () => Finding[];
  readonly perceptions: ReadonlyMap<string, Perception>;
  readonly conversions: readonly Conversion[];
}

/** Begins with nothing perceived. `language` is what the caller says is spoken. */
export function perceiving(
  taken: readonly MediaPart[],
  language: string | undefined,
  parts: Parts,
  trip: Trip,
): Perceiving {
  const findings = new Map<string, Finding>();
  const perceptions = new Map<string, Perception>();
  const conversions: Conversion[] = [];

  return {
    async perceive(plan) {
      const steps = new Map(plan.map((step) => [step.part, step]));
      const wanted = (part: MediaPart) => isWanted(steps.get(part.media.part));
      const unseen = taken.filter((part) => {
        const known = findings.get(part.media.part);
        return !known || (known.kind === 'unread' && part.sound !== undefined && wanted(part));
      });
      for (const finding of await lookAt(unseen, wanted, parts, trip)) findings.set(finding.part, finding);
      const elapsedMs = stopwatch();
      for (const part of taken) {
        const { kind, part: name } = part.media;
        const step = steps.get(name);
        if (!step || !isWanted(step)) continue;
        if (!perceptions.has(name)) {
          const made = await perceivePart(part, findings.get(name), { language }, parts, trip);
          perceptions.set(name, made.perception);
          if (made.conversion) {
            conversions.push(made.conversion);
            parts.experience.took('text', made.conversion.name, kind, made.conversion.latencyMs);
          }
          trip.emit({ kind: 'part-perceived', perception: made.perception });
        }
        if (step.route === 'text') {
          tellFate(name, 'text', step.engine ? `It was turned into text by ${step.engine}.` : 'It is text.', trip);
        }
      }
      if (conversions.length > 0) trip.timings.perceiveMs ??= elapsedMs();
    },
    findings: () => taken.flatMap(({ media }) => findings.get(media.part) ?? []),
    perceptions,
    conversions,
  };
}

function isWanted(step: PlanStep | undefined): boolean {
  return step?.route === 'text' || (step?.beside ?? null) !== null;
}
