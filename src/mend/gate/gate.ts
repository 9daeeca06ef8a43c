import type { TextEdit } from '#contract/perception.ts';
import { codePoints } from '#kit/code-points.ts';
import { type Dictionary, particlesIn } from '#words/index.ts';
import { alignTokens, type Step } from './align.ts';
import { type Refusal, refusalsOf } from './judge.ts';
import { tokensOf } from './tokens.ts';

export interface GateOptions {
  /** Who proposes; `correction` unless said otherwise. */
  readonly by?: TextEdit['by'] | undefined;
  /** How many steps of articulation (`stepsBetween`) a change may be away: 1 unless said otherwise, 0.5 for near sounds only, 0 for the same syllable. */
  readonly steps?: number | undefined;
  /** Refuses a change that makes the text much less likely word for word (`openDictionary`). */
  readonly dictionary?: Dictionary | undefined;
  /** Keeps the writer's own script and variants of characters (`loadOneSpelling`). */
  readonly spelling?: ((text: string) => string) | undefined;
  /** What a second reader made of the same thing. Where both agree a change must sound nearer; what the second one heard is let through. */
  readonly second?: string | undefined;
  /** Whether words may be put in, and left out. Nobody asked for either unless said so; particles are never left out. */
  readonly insertions?: boolean | undefined;
  readonly deletions?: boolean | undefined;
  /** Whether punctuation may change. It makes no sound: kept as it is unless said otherwise. */
  readonly punctuation?: 'keep' | 'accept' | undefined;
}

/** A change that was not let through. Places are code points of the text before. */
export interface RefusedEdit {
  readonly edit: TextEdit;
  readonly why: Refusal;
}

/** What came through the gate. `accepted`, in order and apart, makes `text` of the text before. */
export interface Gated {
  readonly text: string;
  readonly accepted: readonly TextEdit[];
  readonly refused: readonly RefusedEdit[];
  /** Code points that are missing now, and particles among them: 0 unless deletions were asked for. */
  readonly charactersDeleted: number;
  readonly particlesDeleted: number;
}

/**
 * Lets through what an automatic rewriting of a heard text may have got right: changes that sound the same or nearly so. A text
 * is never emptied, never made shorter or longer unasked, and no number, pronoun or spelling is changed that sounds the same either way.
 * What is refused stays as it was. Some microseconds for each change.
 */
export function gate(before: string, proposed: string, options: GateOptions = {}): Gated {
  if (proposed === before) return unchanged(before, []);
  const whole = (why: Refusal) => unchanged(before, [{ edit: wholeEdit(before, proposed, options), why }]);
  const [mine, theirs] = [tokensOf(before), tokensOf(proposed)];
  if (theirs.length === 0 && mine.length > 0) return whole('empty');
  const steps = alignTokens(mine, theirs);
  if (steps === null || isRewritten(steps)) return whole('rewritten');
  const refusals = refusalsOf(before, steps, options);
  const accepted: TextEdit[] = [];
  const refused: RefusedEdit[] = [];
  const texts = { before: Array.from(before), after: Array.from(proposed) };
  for (const { from, to, why } of stretches(steps, refusals)) {
    const edit = editOf(steps, from, to, texts, options.by ?? 'correction');
    if (why === null) accepted.push(edit);
    else refused.push({ edit, why });
  }
  const text = applyEdits(before, accepted);
  const particles = (said: string) => particlesIn(said, 'zh').reduce((sum, { count }) => sum + count, 0);
  return {
    ...{ text, accepted, refused },
    charactersDeleted: Math.max(0, codePoints(before) - codePoints(text)),
    particlesDeleted: accepted.length === 0 ? 0 : Math.max(0, particles(before) - particles(text)),
  };
}

/** A text with edits made to it. They must be in order and apart, with places in code points. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const points = Array.from(text);
  let made = '';
  let at = 0;
  for (const { start, end, after } of edits) {
    made += points.slice(at, start).join('') + after;
    at = end;
  }
  return made + points.slice(at).join('');
}

/** Another text than this one: half of what was written is nowhere in it. Nobody corrected that; somebody answered it, or told it anew. */
function isRewritten(steps: readonly Step[]): boolean {
  const written = steps.filter(({ before }) => before !== null && before.kind !== 'mark');
  const kept = written.filter(({ before, after }) => before?.text === after?.text);
  return written.length >= 8 && kept.length < written.length / 2;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly why: Refusal | null;
}

/** Neighbouring changes with the same verdict are one edit. */
function stretches(steps: readonly Step[], refusals: readonly (Refusal | null)[]): Stretch[] {
  const found: Stretch[] = [];
  for (const [at, { before, after }] of steps.entries()) {
    if (before?.text === after?.text) continue;
    const why = refusals[at] ?? null;
    const last = found.at(-1);
    if (last?.to === at && last.why === why) found[found.length - 1] = { ...last, to: at + 1 };
    else found.push({ from: at, to: at + 1, why });
  }
  return found;
}

interface Texts {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The steps from `from` to `to` as a change of the text, with the space that belongs to what is put in or left out. */
function editOf(steps: readonly Step[], from: number, to: number, texts: Texts, by: TextEdit['by']): TextEdit {
  const [start, end] = range(steps, from, to, 'before');
  const [first, last] = range(steps, from, to, 'after');
  const write = (points: readonly string[], at: number, until: number) => points.slice(at, until).join('');
  return { start, end, before: write(texts.before, start, end), after: write(texts.after, first, last), by };
}

function range(steps: readonly Step[], from: number, to: number, side: 'before' | 'after'): [number, number] {
  const run = steps.slice(from, to);
  const inside = run.flatMap((step) => step[side] ?? []);
  const alone = run.every((step) => step[side === 'before' ? 'after' : 'before'] === null);
  const [first, last] = [inside[0], inside.at(-1)];
  if (first && last && !alone) return [first.start, last.end];
  const previous = endBefore(steps, from, side);
  return [previous, last?.end ?? previous];
}

function endBefore(steps: readonly Step[], from: number, side: 'before' | 'after'): number {
  for (let at = from - 1; at >= 0; at -= 1) {
    const token = steps[at]?.[side];
    if (token) return token.end;
  }
  return 0;
}

function wholeEdit(before: string, after: string, { by = 'correction' }: GateOptions): TextEdit {
  return { start: 0, end: codePoints(before), before, after, by };
}

function unchanged(text: string, refused: readonly RefusedEdit[]): Gated {
  return { text, accepted: [], refused, charactersDeleted: 0, particlesDeleted: 0 };
}
