import { attribute, children, type Element, find, isOn } from '../../files/tree.ts';
import { numberText } from './numbers.ts';

interface Level {
  readonly format: string;
  readonly text: string;
  readonly start: number;
  /** All its numbers in Arabic figures, whatever those of the levels above are. */
  readonly isLegal: boolean;
}

/** Where a paragraph stands in a list: what is before it (`-`, `1.`, `（二）`), and how deep (from 0). */
export interface Item {
  readonly marker: string;
  readonly level: number;
}

/** Counts the lists of a document as a word processor does, so that every number is the one that is shown. */
export interface Lists {
  /** The next item of a list (`w:numPr`); `null` where it says there is none. */
  next(numId: string | undefined, level: number): Item | null;
}

const LEVELS = 9;

/** The lists of a document by its `numbering.xml` (ECMA-376-1, 17.9). */
export function listsOf(numbering: Element): Lists {
  const abstracts = new Map(children(numbering, 'abstractNum').map((each) => [attribute(each, 'abstractNumId'), each]));
  const lists = new Map<string | undefined, { key: string; levels: Level[]; restarts: ReadonlyMap<number, number> }>();
  for (const num of children(numbering, 'num')) {
    const numId = attribute(num, 'numId');
    const key = attribute(find(num, 'abstractNumId'), 'val') ?? '';
    const levels = levelsOf(abstracts.get(key));
    const restarts = new Map<number, number>();
    for (const override of children(num, 'lvlOverride')) {
      const at = Number(attribute(override, 'ilvl'));
      const start = attribute(find(override, 'startOverride'), 'val');
      const other = find(override, 'lvl');
      if (other && at >= 0 && at < LEVELS) levels[at] = levelOf(other);
      if (start !== undefined) restarts.set(at, Number(start));
    }
    lists.set(numId, { key, levels, restarts });
  }

  // Lists of one kind go on counting where the last of them stopped; one that says so begins again.
  const counters = new Map<string, number[]>();
  const begun = new Set<string>();
  return {
    next(numId, level) {
      const list = lists.get(numId);
      const own = list?.levels[level];
      if (!list || !own) return null;
      const counts = counters.get(list.key) ?? [];
      counters.set(list.key, counts);
      const restart = list.restarts.get(level);
      const first = `${numId} ${level}`;
      if (restart !== undefined && !begun.has(first)) counts[level] = restart - 1;
      begun.add(first);
      counts[level] = (counts[level] ?? own.start - 1) + 1;
      counts.length = level + 1;
      for (let at = 0; at < level; at++) counts[at] ??= list.levels[at]?.start ?? 1;
      if (own.format === 'bullet') return { marker: '-', level };
      const marker = own.text.replaceAll(/%([1-9])/g, (_, digit: string) => {
        const at = Number(digit) - 1;
        return numberText(counts[at] ?? 1, own.isLegal ? 'decimal' : (list.levels[at]?.format ?? 'decimal'));
      });
      return marker.trim() === '' ? null : { marker: marker.trim(), level };
    },
  };
}

function levelsOf(abstract: Element | undefined): Level[] {
  const levels: Level[] = [];
  for (const level of children(abstract, 'lvl')) {
    const at = Number(attribute(level, 'ilvl'));
    if (at >= 0 && at < LEVELS) levels[at] = levelOf(level);
  }
  return levels;
}

function levelOf(level: Element): Level {
  const start = Number(attribute(find(level, 'start'), 'val') ?? 1);
  return {
    format: attribute(find(level, 'numFmt'), 'val') ?? 'decimal',
    text: attribute(find(level, 'lvlText'), 'val') ?? '',
    start: Number.isSafeInteger(start) ? start : 1,
    isLegal: isOn(find(level, 'isLgl')),
  };
}
