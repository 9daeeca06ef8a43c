import { stepsBetween } from '#words/index.ts';
import type { Token } from './tokens.ts';

/** A place in two texts: what stands before and after; `null` where one has nothing there. */
export interface Step {
  readonly before: Token | null;
  readonly after: Token | null;
}

/** Cells of the table that are filled at once; beyond that the texts are cut where they agree. At most 50 ms. */
const CELLS = 250_000;

/**
 * The least change from one text to another, token by token. Among equally small changes the one that pairs tokens of like sound is taken,
 * so that a word that was misheard meets what it was misheard for. Long texts are cut at stretches that occur once in both;
 * `null` where they have none and are too long to be compared.
 */
export function alignTokens(before: readonly Token[], after: readonly Token[]): Step[] | null {
  let head = 0;
  const shorter = Math.min(before.length, after.length);
  while (head < shorter && before[head]?.text === after[head]?.text) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail)?.text === after.at(-1 - tail)?.text) tail += 1;
  const middle = alignMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  if (middle === null) return null;
  const same = (from: number, to: number, shift: number): Step[] =>
    before.slice(from, to).map((token, at) => ({ before: token, after: after[from + shift + at] ?? null }));
  const shift = after.length - before.length;
  return [...same(0, head, 0), ...middle, ...same(before.length - tail, before.length, shift)];
}

function alignMiddle(before: readonly Token[], after: readonly Token[]): Step[] | null {
  if (before.length === 0) return after.map((token) => ({ before: null, after: token }));
  if (after.length === 0) return before.map((token) => ({ before: token, after: null }));
  if ((before.length + 1) * (after.length + 1) <= CELLS) return alignAll(before, after);
  const cut = commonPlace(before, after);
  if (cut === null) return null;
  const [at, there] = cut;
  const first = alignTokens(before.slice(0, at), after.slice(0, there));
  const second = first && alignTokens(before.slice(at), after.slice(there));
  return second && [...first, ...second];
}

const ANCHOR = 6;

/** The stretch nearest to the middle that both texts have exactly once: where it starts in each. `null` where there is none but at the ends: cutting there would go on for long. */
function commonPlace(before: readonly Token[], after: readonly Token[]): [number, number] | null {
  const [here, there] = [onlyPlaces(before), onlyPlaces(after)];
  let best: [number, number] | null = null;
  for (const [stretch, at] of here) {
    const other = there.get(stretch) ?? -1;
    if (other <= 0 || at < before.length / 8 || at > (before.length * 7) / 8) continue;
    if (best === null || Math.abs(at - before.length / 2) < Math.abs(best[0] - before.length / 2)) best = [at, other];
  }
  return best;
}

/** Where each stretch starts, -1 for those that occur again. */
function onlyPlaces(tokens: readonly Token[]): Map<string, number> {
  const places = new Map<string, number>();
  for (let at = 0; at + ANCHOR <= tokens.length; at += 1) {
    const stretch = tokens
      .slice(at, at + ANCHOR)
      .map(({ text }) => text)
      .join('\u0000');
    places.set(stretch, places.has(stretch) ? -1 : at);
  }
  return places;
}

/** The cost of pairing two tokens, against 1 for leaving one out or putting one in. */
function costOf(before: Token, after: Token): number {
  if (before.text === after.text) return 0;
  if ((before.kind === 'mark') !== (after.kind === 'mark')) return 2;
  return before.kind === 'han' && after.kind === 'han'
    ? 0.7 + 0.15 * Math.min(2, stepsBetween(before.text, after.text))
    : 1;
}

function alignAll(before: readonly Token[], after: readonly Token[]): Step[] {
  const width = after.length + 1;
  // How each cell was reached: 0 both went on, 1 one was left out, 2 one was put in.
  const ways = new Uint8Array((before.length + 1) * width);
  ways.fill(2, 1, width);
  let row = Float64Array.from({ length: width }, (_, at) => at);
  for (const [line, token] of before.entries()) {
    const next = new Float64Array(width);
    next[0] = line + 1;
    const start = (line + 1) * width;
    ways[start] = 1;
    for (const [at, other] of after.entries()) {
      let least = (row[at] ?? 0) + costOf(token, other);
      let way = 0;
      if ((row[at + 1] ?? 0) + 1 < least) [least, way] = [(row[at + 1] ?? 0) + 1, 1];
      if ((next[at] ?? 0) + 1 < least) [least, way] = [(next[at] ?? 0) + 1, 2];
      next[at + 1] = least;
      ways[start + at + 1] = way;
    }
    row = next;
  }
  const steps: Step[] = [];
  for (let line = before.length, at = after.length; line > 0 || at > 0; ) {
    const way = ways[line * width + at] ?? 0;
    if (way !== 2) line -= 1;
    if (way !== 1) at -= 1;
    steps.push({ before: way === 2 ? null : (before[line] ?? null), after: way === 1 ? null : (after[at] ?? null) });
  }
  return steps.reverse();
}
