import type { SettledPart } from '#ask/index.ts';
import type { Mitigation } from '#contract/ledger.ts';
import type { MediaPart } from '#contract/media.ts';
import { type Perception, type TextEdit, textGiven } from '#contract/perception.ts';
import type { Plan } from '#contract/plan.ts';
import type { LanguageModel } from '#contract/ports.ts';
import type { Cost } from '#contract/report.ts';
import { doubtsIn, rareIn } from '#ledger/index.ts';
import { applyEdits, glossEdits, glossed, joinEdits, languageOf } from '#mend/index.ts';
import { escalated, MOST_PIXELS } from './escalate.ts';
import { correction } from './mend-correction.ts';
import { withTerms } from './mend-glossary.ts';
import { type Changed, mendedBy, UNCHANGED, withoutMarks } from './mend-text.ts';
import type { Mend } from './mend-wishes.ts';
import { mitigationOf, mitigationsOfHearing } from './mitigations.ts';
import type { Parts } from './parts.ts';
import type { Perceiving } from './perceiving.ts';
import type { Trip } from './trip.ts';

/** What goes natively to the model, part by part. */
type Given = ReadonlyMap<string, readonly SettledPart[]>;

/** What goes along with the text anyway. `noClips`: this model did not take them just now. */
interface Beside {
  readonly given: Given;
  readonly noClips?: boolean | undefined;
}

/** What a request does, between perceiving and asking, to win back what was lost. What was perceived stays as it was, beside it. */
export interface Mending {
  /** Mends what goes to this model as text, and gives what goes along with that. What is the same for every model is done once. */
  mend(plan: Plan, model: LanguageModel, beside: Beside): Promise<Given>;
  /** Whether the model that was asked last was given clips beside the text. */
  hasClips(): boolean;
  /** As the model that was asked last was given them. */
  readonly perceptions: ReadonlyMap<string, Perception>;
  readonly mitigations: () => Mitigation[];
  /** What asking a model about doubtful places cost. */
  readonly costs: readonly Cost[];
}

export interface MendingOf {
  readonly mend: Mend;
  readonly taken: readonly MediaPart[];
  readonly fromUser: ReadonlySet<string>;
  readonly heard: Perceiving;
  readonly language: 'en' | 'zh';
  /** Media made on the way, to be closed at the end. */
  readonly made: MediaPart[];
}

/** Begins with nothing mended. Without wishes nothing is opened and nobody asked. */
export function mending(of: MendingOf, parts: Parts, trip: Trip): Mending {
  const { mend, taken, fromUser, heard, language, made } = of;
  const perceptions = new Map<string, Perception>();
  const shared = new Map<string, Changed>();
  const records = new Map<string, readonly Mitigation[]>();
  const costs: Cost[] = [];

  /** What is doubtful of a text before it is mended, as the ledger will have it. */
  async function doubts(perception: Perception) {
    const media = taken.flatMap((part) => (part.media.part === perception.part ? [part.media] : []));
    const { requestId, createdAt, losses, signal } = trip;
    const request = { requestId, createdAt, losses, language, media, findings: heard.findings(), plan: [] };
    const input = {
      ...request,
      conversions: heard.conversions,
      mitigations: [],
      perceptions: [withoutMarks(perception)],
    };
    const [dictionary, english, profile] = await Promise.all([
      parts.dictionary(signal),
      parts.englishSounds(signal),
      parts.profile(signal),
    ]);
    return doubtsIn(input, { dictionary, english, profile });
  }

  /** Glossary, then correction: what does not depend on who is asked. */
  async function forAll(perception: Perception, asked: LanguageModel): Promise<Changed> {
    const known = shared.get(perception.part);
    if (known) return known;
    const isChinese = /\p{Script=Han}/u.test(perception.text);
    const dictionary = mend.terms.length > 0 && isChinese ? await parts.dictionary(trip.signal) : null;
    const termed = withTerms(perception, mend.terms, dictionary);
    const correcting = { perception, before: termed.edits, mend, asked, doubts: () => doubts(perception) };
    const corrected = mend.correct ? await correction(correcting, parts, trip) : { ...UNCHANGED, costs: [] };
    costs.push(...corrected.costs);
    const edits = joinEdits(perception.text, termed.edits, corrected.edits);
    const changed = { edits, records: [...termed.records, ...corrected.records] };
    shared.set(perception.part, changed);
    return changed;
  }

  /** A gloss for what this model may not know. Edits count in the text with those of `before` made. */
  async function glosses(perception: Perception, before: readonly TextEdit[], asked: LanguageModel): Promise<Changed> {
    const text = applyEdits(perception.text, before);
    if (!mend.gloss || !/\p{Script=Han}/u.test(text)) return UNCHANGED;
    const [tokens, data] = await Promise.all([parts.tokens(asked.id, trip.signal), parts.glosses(trip.signal)]);
    const { listed } = rareIn([mendedBy(perception, before)], tokens);
    const edits = glossEdits(text, listed, data, languageOf(text));
    const added = tokens && tokens.encode(applyEdits(text, edits)).length - tokens.encode(text).length;
    return { edits, records: [glossed(perception.part, listed.length, edits, added)] };
  }

  async function clipsBeside(perception: Perception, part: MediaPart, model: LanguageModel, given: Given) {
    const maxPixels = parts.taking.limits?.maxPixels ?? MOST_PIXELS;
    const { spans } = await doubts(perception);
    const escalating = { perception, part, spans, given: [...given.values()].flat(), language, maxPixels };
    return escalated(escalating, model, made, trip);
  }

  return {
    perceptions,
    costs,
    mitigations: () => [
      ...mitigationsOfHearing([...perceptions.values()], trip.losses, parts.senses.hear),
      ...[...records.values()].flat(),
    ],
    hasClips: () => [...records.values()].flat().some(({ id, applied }) => id === 'escalation' && applied),
    async mend(plan, model, { given, noClips }) {
      const beside = new Map(given);
      for (const [name, perception] of heard.perceptions) {
        const route = plan.find(({ part }) => part === name)?.route;
        const part = taken.find(({ media }) => media.part === name);
        const common = await forAll(perception, model);
        const gloss = await glosses(perception, common.edits, model);
        const after = mendedBy(perception, joinEdits(perception.text, common.edits, gloss.edits));
        const isNew = textGiven(after) !== textGiven(perceptions.get(name) ?? perception);
        perceptions.set(name, after);
        records.set(name, [...common.records, ...gloss.records]);
        if (isNew) trip.emit({ kind: 'part-mended', perception: after });
        if (mend.escalate === 'off' || perception.kind === 'plain-text' || route !== 'text' || !part) continue;
        if (!fromUser.has(name)) continue;
        const { clips, mitigation } = noClips
          ? withoutClips(name, model.id)
          : await clipsBeside(perception, part, model, beside);
        beside.set(name, [...(beside.get(name) ?? []), ...clips]);
        records.set(name, [...common.records, ...gloss.records, mitigation]);
      }
      return beside;
    },
  };
}

function withoutClips(part: string, by: string): Awaited<ReturnType<typeof escalated>> {
  const note = `${by} could not answer with clips, so it was asked again without them.`;
  return { clips: [], mitigation: mitigationOf({ id: 'escalation', part, applied: false, by, note }) };
}
