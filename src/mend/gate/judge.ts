import { type Dictionary, latticeOf, particlesIn, stepsBetween, wordsAlike } from '#words/index.ts';
import { alignTokens, type Step } from './align.ts';
import type { GateOptions } from './gate.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Why a change was refused; `docs/decisions` says what each of them is worth. */
export type Refusal =
  | 'empty'
  | 'rewritten'
  | 'shorter'
  | 'longer'
  | 'particle'
  | 'other-sound'
  | 'number'
  | 'pronoun'
  | 'spelling'
  | 'punctuation'
  | 'implausible';

/** How many steps of articulation (`stepsBetween`) a change may be away from what stands there: one feature of one part of the syllable. */
const STEPS = 1;
/** Where a second reader heard the same as the first: only what is near by the rules of research/loss.md §7. */
const STEPS_AGREED = 0.5;
/** What one step costs in plausibility, in bits: a thousandth. */
const BITS_PER_STEP = 10;
/** How far around a change words are looked at, in code points; no word of the dictionary that matters is longer. */
const AROUND = 8;

/** For each step why it is refused, `null` where it is let through or changes nothing. */
export function refusalsOf(before: string, steps: readonly Step[], options: GateOptions): (Refusal | null)[] {
  const refusals: (Refusal | null)[] = steps.map(() => null);
  const context: Context = { steps, options, silent: KANA.test(before), second: secondReading(steps, options.second) };
  for (let at = 0; at < steps.length; at += 1) {
    if (isSame(steps[at])) continue;
    let to = at + 1;
    while (to < steps.length && !isSame(steps[to])) to += 1;
    judgeRun(at, to, context, refusals);
    at = to;
  }
  return refusals;
}

// Han characters in Japanese do not sound as they do in Chinese, so nothing is known of theirs.
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;

interface Context {
  readonly steps: readonly Step[];
  readonly options: GateOptions;
  readonly silent: boolean;
  /** What the second reader has for each step. */
  readonly second: readonly string[] | null;
}

/** Changes side by side stand or fall together where each replaces one thing by one: words were misheard, not characters. Else each stands for itself. */
function judgeRun(from: number, to: number, context: Context, refusals: (Refusal | null)[]): void {
  const all = Array.from({ length: to - from }, (_, at) => from + at);
  const heard = all.filter((at) => !isMark(context.steps[at]));
  const pairs = heard.every((at) => context.steps[at]?.before && context.steps[at]?.after);
  const together = pairs && heard.length > 1 && refusalOf(heard, context) === null;
  for (const at of all) refusals[at] = together && heard.includes(at) ? null : refusalOf([at], context);
}

/** Why the changes at these places are refused, taken as one. */
function refusalOf(places: readonly number[], context: Context): Refusal | null {
  let apart = 0;
  for (const at of places) {
    const { before = null, after = null } = context.steps[at] ?? {};
    const why =
      before && after ? unverifiable(before, after, context.options) : oneSided(before, after, context.options);
    if (why) return why;
    if (before && after) apart += stepsOf(before, after, context.silent);
  }
  const mean = apart / places.length;
  const limit = limitOf(places, context);
  if (mean > limit) return 'other-sound';
  // What another reader heard needs no dictionary to vouch for it.
  if (limit === CONFIRMED) return null;
  return isImplausible(places, BITS_PER_STEP * (mean - STEPS), context) ? 'implausible' : null;
}

function oneSided(before: Token | null, after: Token | null, options: GateOptions): Refusal | null {
  return before ? leftOut(before, options) : putIn(after, options);
}

function isMark(step: Step | undefined): boolean {
  return (step?.before ?? step?.after)?.kind === 'mark';
}

function putIn(token: Token | null, { insertions, punctuation }: GateOptions): Refusal | null {
  if (token?.kind === 'mark') return punctuation === 'accept' ? null : 'punctuation';
  return insertions ? null : 'longer';
}

function leftOut(token: Token, { deletions, punctuation }: GateOptions): Refusal | null {
  if (token.kind === 'mark') return punctuation === 'accept' ? null : 'punctuation';
  if (particlesIn(token.text, null).length > 0) return 'particle';
  return deletions ? null : 'shorter';
}

const NUMERALS = '零〇一二三四五六七八九十百千万亿两兆';
const PRONOUNS = '他她它祂牠';

/** Whether a character is a Chinese numeral. */
export function isNumeral(character: string): boolean {
  return NUMERALS.includes(character);
}

/** Changes that sound cannot tell from what stands there, and that matter. */
function unverifiable(before: Token, after: Token, { punctuation, spelling }: GateOptions): Refusal | null {
  if (before.kind === 'mark' || after.kind === 'mark')
    return punctuation === 'accept' && before.kind === after.kind ? null : 'punctuation';
  if (before.kind === 'number' || after.kind === 'number') return 'number';
  if (isNumeral(before.text) && isNumeral(after.text)) return 'number';
  if (PRONOUNS.includes(before.text) && PRONOUNS.includes(after.text)) return 'pronoun';
  if (spelling && before.kind === 'han' && spelling(before.text) === spelling(after.text)) return 'spelling';
  return null;
}

function stepsOf(before: Token, after: Token, silent: boolean): number {
  if (before.kind === 'han' && after.kind === 'han') return silent ? FAR : stepsBetween(before.text, after.text);
  if (before.kind !== 'word' || after.kind !== 'word') return FAR;
  return { same: 0, near: 0.5, other: FAR }[wordsAlike(before.text, after.text)];
}

const FAR = 4;

const CONFIRMED = Number.POSITIVE_INFINITY;

/** How far a change may be from what stands there, by what a second reader heard in its place. */
function limitOf(places: readonly number[], { steps, second, options }: Context): number {
  const limit = options.steps ?? STEPS;
  if (second === null) return limit;
  const heard = places.map((at) => second[at] ?? '').join('');
  const write = (side: 'before' | 'after') => places.map((at) => steps[at]?.[side]?.text ?? '').join('');
  if (heard === write('after')) return CONFIRMED;
  return heard === write('before') ? Math.min(limit, STEPS_AGREED) : limit;
}

/** Whether a change makes the text so much less likely, word for word, that it falls below `floor` bits. */
function isImplausible(places: readonly number[], floor: number, { steps, options }: Context): boolean {
  const { dictionary } = options;
  const [from, last] = [places[0], places.at(-1)];
  if (!dictionary || from === undefined || last === undefined) return false;
  const first = Math.max(0, from - AROUND);
  const near = steps.slice(first, last + 1 + AROUND);
  const changed = near.map(({ before, after }, at) => (places.includes(at + first) ? after : before)?.text ?? '');
  const was = near.map(({ before }) => before?.text ?? '');
  return score(changed, dictionary) - score(was, dictionary) < floor;
}

function score(words: readonly string[], dictionary: Dictionary): number {
  return latticeOf(words.join(''), dictionary).bits;
}

/** What the second reader has in the place of each step. What it has besides belongs to the place before. */
function secondReading(steps: readonly Step[], second: string | undefined): string[] | null {
  if (second === undefined) return null;
  const along = alignTokens(
    steps.flatMap(({ before }) => before ?? []),
    tokensOf(second),
  );
  if (along === null) return null;
  const heard: string[] = [];
  for (const { before, after } of along) {
    if (before) heard.push(after?.text ?? '');
    else if (heard.length > 0) heard.push(`${heard.pop() ?? ''}${after?.text ?? ''}`);
  }
  let at = -1;
  return steps.map(({ before }) => {
    if (before === null) return '';
    at += 1;
    return heard[at] ?? '';
  });
}

function isSame(step: Step | undefined): boolean {
  return step === undefined || step.before?.text === step.after?.text;
}
