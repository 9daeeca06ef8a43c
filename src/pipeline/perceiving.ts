import { isSensoriumError } from '#contract/error.ts';
import type { Finding } from '#contract/finding.ts';
import { lossOf } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import type { Perception } from '#contract/perception.ts';
import type { Plan, PlanStep } from '#contract/plan.ts';
import { stopwatch } from '#kit/clock.ts';
import type { Conversion } from '#ledger/index.ts';
import { tellFate } from './fates.ts';
import { lookAt } from './look.ts';
import type { Parts } from './parts.ts';
import { type PerceivingWishes, perceivePart } from './perceive-part.ts';
import { senseFor } from './senses.ts';
import type { Trip } from './trip.ts';

/** What is known of the parts of one request as text: looked at and heard once, however many models are asked. */
export interface Perceiving {
  /** Turns into text what a plan wants as text and is none yet. */
  perceive(plan: Plan): Promise<void>;
  readonly findings: () => Finding[];
  readonly perceptions: ReadonlyMap<string, Perception>;
  readonly conversions: readonly Conversion[];
}

type Perceived = Awaited<ReturnType<typeof perceivePart>>;

/** Begins with nothing perceived. `language` is what the caller says is spoken, `tell` the one people are told things in, `hotwords` are likely. */
export function perceiving(
  taken: readonly MediaPart[],
  wishes: Pick<PerceivingWishes, 'language' | 'tell' | 'hotwords'>,
  parts: Parts,
  trip: Trip,
): Perceiving {
  const findings = new Map<string, Finding>();
  const perceptions = new Map<string, Perception>();
  const conversions: Conversion[] = [];

  const perceived = (part: MediaPart, soundOnly: boolean) =>
    perceivePart(part, findings.get(part.media.part), { ...wishes, soundOnly }, parts, trip);

  /** What goes along with a native part is no reason to fail: the model sees the part itself. */
  async function perceivedBeside(part: MediaPart, step: PlanStep): Promise<Perceived | null> {
    try {
      return await perceived(part, part.media.kind === 'video');
    } catch (error) {
      if (!isSensoriumError(error) || trip.signal.aborted) throw error;
      const message = `What ${part.sound ? 'is said' : 'is written'} in it does not stand beside it: ${error.message}`;
      const engine = step.beside?.engine ?? null;
      trip.context.note(lossOf({ kind: 'sound-dropped', stage: 'perceive', part: step.part, engine, message }));
      return null;
    }
  }

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
          const isWhole = step.route === 'text' || step.route === 'embedding';
          const made = await (isWhole ? perceived(part, false) : perceivedBeside(part, step));
          if (made === null) continue;
          perceptions.set(name, made.perception);
          if (made.conversion) {
            conversions.push(made.conversion);
            const engine = senseFor(part, parts.senses)?.engine ?? made.conversion.name;
            if (!made.conversion.remembered) parts.experience.took('text', engine, kind, made.conversion.latencyMs);
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
  // What goes in as vectors is told in words too: moderation and the ledger read them.
  return step?.route === 'text' || step?.route === 'embedding' || (step?.beside ?? null) !== null;
}
