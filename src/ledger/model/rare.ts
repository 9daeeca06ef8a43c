import type { RareCharacter } from '#contract/ledger.ts';
import { type Perception, type TextLine, textGiven } from '#contract/perception.ts';
import { codePoints } from '#kit/code-points.ts';
import type { ModelTokens } from '#tokens/index.ts';
import { isCommonHan, isHan, levelOf } from '#words/index.ts';

/** From this risk on a character counts as one the model may not know. */
export const RARE_FROM_RISK = 0.5;

/**
 * How much a character in pieces counts against whole ones, for models of 7 billion parameters and more. A choice until somebody
 * measures it: such models read single bytes well, and DeepSeek-R1 has no token that fails to repeat (loss.md §3.4).
 */
const WEIGHT_OF_PIECES = 0.3;

/** Each kind of character is looked up once; texts with more kinds than this are not looked through to the end. */
const MOST_KINDS = 5_000;
const MOST_LISTED = 50;

export interface RareFound {
  /** Worst first, at most 50: those with a risk of half or more, and those in common use nowhere. */
  readonly listed: readonly RareCharacter[];
  /** Kinds of characters with a risk of half or more. */
  readonly risky: number;
  /** Kinds whose risk nobody knows. */
  readonly unknown: number;
  readonly isWhole: boolean;
}

/** The characters of what a model was given that it, or what wrote them, may not know; each kind once, where it stands first. */
export function rareIn(perceptions: readonly Perception[], tokens: ModelTokens | null): RareFound {
  const found = new Map<string, RareCharacter>();
  const seen = new Set<string>();
  for (const perception of perceptions) {
    const writable = writableAt(perception);
    let at = -1;
    for (const character of textGiven(perception)) {
      at += 1;
      const unwritable = writable.get(at) ?? null;
      if (seen.has(character) && unwritable !== true) continue;
      if (seen.size >= MOST_KINDS) break;
      seen.add(character);
      if (!isHan(character) && unwritable !== true) continue;
      const known = found.get(character);
      if (known?.unwritable) continue;
      found.set(character, describe(character, { part: perception.part, start: at, unwritable, tokens }));
    }
  }
  const all = [...found.values()];
  const listed = all.filter(isListed).sort((a, b) => badness(b) - badness(a));
  return {
    listed: listed.slice(0, MOST_LISTED),
    risky: all.filter(({ risk }) => risk !== null && risk >= RARE_FROM_RISK).length,
    unknown: all.filter(({ risk }) => risk === null).length,
    isWhole: seen.size < MOST_KINDS,
  };
}

interface Place {
  readonly part: string;
  readonly start: number;
  readonly unwritable: boolean | null;
  readonly tokens: ModelTokens | null;
}

function describe(character: string, { part, start, unwritable, tokens }: Place): RareCharacter {
  const facts = tokens ? factsOf(character, tokens) : UNKNOWN;
  const level = levelOf(character);
  const gates = { ...facts, unwritable, level };
  return { part, start, character, level, unwritable, ...facts, risk: riskOf(character, gates) };
}

type Facts = Pick<RareCharacter, 'tokens' | 'bytes' | 'underTrained' | 'changed'>;
const UNKNOWN: Facts = { tokens: null, bytes: null, underTrained: null, changed: null };
const remembered = new WeakMap<ModelTokens, Map<string, Facts>>();

function factsOf(character: string, tokens: ModelTokens): Facts {
  const known = remembered.get(tokens) ?? new Map<string, Facts>();
  remembered.set(tokens, known);
  const before = known.get(character);
  if (before) return before;
  const ids = tokens.encodeCharacter(character);
  const under = ids.map((id) => tokens.trained?.underTrained(id) ?? null).filter((one) => one !== null);
  const facts: Facts = {
    tokens: ids.length === 0 ? null : ids.length,
    bytes: ids.length === 0 ? null : ids.filter((id) => isFragment(tokens.bytesOf(id))).length / ids.length,
    underTrained: under.length === 0 ? null : Math.max(...under),
    changed: tokens.decode(ids) !== character,
  };
  known.set(character, facts);
  return facts;
}

const strict = new TextDecoder('utf-8', { fatal: true });

/** Whether bytes are no whole characters. */
function isFragment(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return false;
  } catch {
    return true;
  }
}

/**
 * 1 − (1 − unwritable)(1 − changed)(1 − underTrained)(1 − 0.3 · pieces · bytes), pieces = (tokens − 1) / 3, at most 1. A gate nobody
 * looked at leaves the risk unknown, unless the others alone make it half. Only where a character is among the most common ones
 * (level 1, Taiwan's, Japan's) the embedding need not be looked at: of 5,912 none was under the threshold where that was measured
 * (docs/decisions/2026-11-26-rare-characters.md); of level 2 there were 13.
 */
function riskOf(character: string, gates: Facts & Pick<RareCharacter, 'unwritable' | 'level'>): number | null {
  if (gates.unwritable) return 1;
  if (gates.tokens === null || gates.bytes === null) return gates.changed ? 1 : null;
  const pieces = Math.min(1, (gates.tokens - 1) / 3);
  const kept = (gates.changed ? 0 : 1) * (1 - WEIGHT_OF_PIECES * pieces * gates.bytes);
  const risk = 1 - kept * (1 - (gates.underTrained ?? 0));
  const isTrained = gates.level === 1 || (gates.level === null && isCommonHan(character));
  return gates.underTrained !== null || isTrained || risk >= RARE_FROM_RISK ? risk : null;
}

function isListed({ character, risk, unwritable }: RareCharacter): boolean {
  return unwritable === true || (risk ?? 0) >= RARE_FROM_RISK || !isCommonHan(character ?? '');
}

/** A risk nobody knows stands behind those of half and more, before the small ones. */
function badness({ risk }: RareCharacter): number {
  return risk ?? RARE_FROM_RISK - 1e-9;
}

/** Where a reader wrote the text: whether its alphabet lacked what stands there, by code points in the text that was given. */
function writableAt(perception: Perception): ReadonlyMap<number, boolean> {
  const places = new Map<number, boolean>();
  const edits = 'mended' in perception ? (perception.mended?.edits ?? []) : [];
  const moved = (at: number) =>
    edits.reduce((sum, { end, before, after }) => sum + (end <= at ? codePoints(after) - codePoints(before) : 0), at);
  for (const { start, characters, unwritable } of linesOf(perception)) {
    if (start === null) continue;
    let at = start;
    for (const { text, probability } of characters) {
      places.set(moved(at), unwritable && probability === null);
      at += codePoints(text);
    }
  }
  return places;
}

function linesOf(perception: Perception): readonly TextLine[] {
  if (perception.kind === 'picture') return perception.lines;
  return perception.kind === 'document' ? perception.pages.flatMap(({ lines }) => lines) : [];
}
