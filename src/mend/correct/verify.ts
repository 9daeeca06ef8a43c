import type { TextEdit } from '#contract/perception.ts';
import { codePoints } from '#kit/code-points.ts';
import { readingsOf, type Sound, soundsOf, stepsBetweenReadings } from '#words/index.ts';
import { applyEdits, type GateOptions, gate } from '../gate/index.ts';
import type { Passage } from './passages.ts';
import type { Proposal } from './proposal.ts';

/** What of a proposal holds. Edits count in the text the passages stand in; `refused` says how often for which reason. */
export interface Verified {
  readonly edits: readonly TextEdit[];
  readonly refused: Readonly<Record<string, number>>;
  readonly charactersDeleted: number;
  readonly particlesDeleted: number;
}

/** Verifies a proposal: it goes through the gate, nothing outside the doubtful places changes, no place is emptied, and what is written there is spoken so. */
export function verified(passages: readonly Passage[], proposal: Proposal, options: GateOptions): Verified {
  const edits: TextEdit[] = [];
  const refused: Record<string, number> = {};
  const refuse = (why: string) => {
    refused[why] = (refused[why] ?? 0) + 1;
  };
  let [charactersDeleted, particlesDeleted] = [0, 0];
  for (const [index, passage] of passages.entries()) {
    const proposed = proposal.lines.get(index) ?? filled(passage, proposal.places, refuse);
    const { accepted, ...gated } = gate(passage.text, proposed, { ...options, second: passage.second ?? undefined });
    for (const { why } of gated.refused) refuse(why);
    const spoken = soundsOf(applyEdits(passage.text, accepted));
    let shift = 0;
    for (const edit of accepted) {
      const isConfirmed = passage.second?.includes(edit.after) ?? false;
      const isSpokenSo = isConfirmed || soundsAlike(edit, spoken.slice(edit.start + shift));
      shift += codePoints(edit.after) - codePoints(edit.before);
      if (!isDoubted(edit, passage)) refuse('not-doubtful');
      else if (!isSpokenSo) refuse('other-sound');
      else edits.push({ ...edit, start: edit.start + passage.start, end: edit.end + passage.start });
    }
    charactersDeleted += gated.charactersDeleted;
    particlesDeleted += gated.particlesDeleted;
  }
  return { edits, refused, charactersDeleted, particlesDeleted };
}

/** The passage as proposed. What is far too long for its place is no correction of it, and a place is not emptied. */
function filled({ text, places }: Passage, words: Proposal['places'], refuse: (why: string) => void): string {
  const points = [...text];
  let made = '';
  let at = 0;
  for (const { number, start, end, text: was } of places) {
    const word = words.get(number);
    made += points.slice(at, start).join('');
    at = end;
    if (word === '') refuse('empty');
    const isLong = word !== undefined && codePoints(word) > 2 * codePoints(was) + 8;
    if (isLong) refuse('longer');
    made += word === undefined || word === '' || isLong ? was : spaced(was, word);
  }
  return made + points.slice(at).join('');
}

/** Space around a place belongs to it and is not for a model to decide. */
function spaced(was: string, word: string): string {
  if (was.trim() === '') return was;
  return `${/^\s*/.exec(was)?.[0] ?? ''}${word.trim()}${/\s*$/.exec(was)?.[0] ?? ''}`;
}

function isDoubted({ start, end }: TextEdit, { places }: Passage): boolean {
  return places.some((place) => place.start < Math.max(end, start + 1) && place.end > start);
}

/** As many steps of articulation for each character as the gate allows. */
const STEPS = 1;

/**
 * Whether what is written now also sounds so where it stands, unless a second reader heard it. The gate takes any reading of a character, and a weak model proposes some that
 * have the right one in old words only (无 as mó, in 南无).
 */
function soundsAlike({ before, after }: TextEdit, spoken: readonly Sound[]): boolean {
  const [was, is] = [[...before], [...after]];
  if (was.length !== is.length) return true;
  const steps = was.flatMap((character, at) => {
    const now = spoken[at]?.inContext;
    const readings = readingsOf(character);
    if (character === is[at] || !now || readings.length === 0) return [];
    return Math.min(...readings.map((reading) => stepsBetweenReadings(reading, now)));
  });
  return steps.reduce((sum, one) => sum + one, 0) <= STEPS * steps.length;
}
