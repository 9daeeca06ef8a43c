import type { TextEdit } from '#contract/perception.ts';
import { codePoints } from '#kit/code-points.ts';
import { applyEdits } from '../gate/index.ts';

/** Edits of the first round with where they stand in the text between, or of the second, which count in that text. */
interface Placed {
  readonly edit: TextEdit;
  readonly start: number;
  readonly end: number;
  readonly round: 1 | 2;
}

/**
 * Two rounds of edits as one: `second` counts in the text that `first` makes, what comes back counts in the text before both. Edits that
 * meet become one, by whoever came last; all others stay as they are.
 */
export function joinEdits(before: string, first: readonly TextEdit[], second: readonly TextEdit[]): TextEdit[] {
  if (first.length === 0 || second.length === 0) return [...first, ...second];
  const points = [...before];
  const between = [...applyEdits(before, first)];
  const joined: TextEdit[] = [];
  let shift = 0;
  for (const group of meeting(placed(first, second))) {
    const [from, to] = [group[0]?.start ?? 0, Math.max(...group.map(({ end }) => end))];
    const ours = group.filter(({ round }) => round === 1);
    const theirs = group.filter(({ round }) => round === 2);
    const start = from - shift;
    for (const { edit } of ours) shift += codePoints(edit.after) - (edit.end - edit.start);
    const end = to - shift;
    const inside = theirs.map(({ edit }) => ({ ...edit, start: edit.start - from, end: edit.end - from }));
    const after = applyEdits(between.slice(from, to).join(''), inside);
    const by = (theirs.at(-1) ?? ours[0])?.edit.by ?? 'correction';
    joined.push({ start, end, before: points.slice(start, end).join(''), after, by });
  }
  return joined.filter(({ before: was, after }) => was !== after);
}

function placed(first: readonly TextEdit[], second: readonly TextEdit[]): Placed[] {
  let shift = 0;
  const ours = first.map((edit): Placed => {
    const start = edit.start + shift;
    const length = codePoints(edit.after);
    shift += length - (edit.end - edit.start);
    return { edit, start, end: start + length, round: 1 };
  });
  const theirs = second.map((edit): Placed => ({ edit, start: edit.start, end: edit.end, round: 2 }));
  return [...ours, ...theirs].sort((a, b) => a.start - b.start || a.end - b.end || b.round - a.round);
}

/** Those that overlap, together. What leaves nothing behind has no place of its own, so it belongs to whatever it touches. */
function meeting(all: readonly Placed[]): Placed[][] {
  const groups: Placed[][] = [];
  let end = -1;
  for (const one of all) {
    const last = groups.at(-1);
    const isGone = ({ round, edit }: Placed) => round === 1 && edit.after === '';
    const meets = one.start < end || (one.start === end && (isGone(one) || last?.some(isGone)));
    if (last && meets) last.push(one);
    else groups.push([one]);
    end = Math.max(end, one.end);
  }
  return groups;
}
