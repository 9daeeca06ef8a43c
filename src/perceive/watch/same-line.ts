import { DOUBTFUL_CHARACTER_BELOW, type TextLine } from '#contract/perception.ts';

/** A line as it is compared: without spaces, of one width and case; a probability for each character, where the reader gave one. */
export interface Reading {
  readonly characters: readonly string[];
  readonly probabilities: readonly (number | null)[];
}

/** More of a line than this may not differ. */
const MOST_DIFFERENT = 0.25;
/** Longer lines are the same only if nothing differs: comparing takes the square of their length. */
const LONGEST_COMPARED = 500;
/** Without probabilities: one difference in so many characters. */
const BLIND_ONE_IN = 12;

/** A line made ready to be compared. */
export function readingOf(line: Pick<TextLine, 'text' | 'characters'>): Reading {
  const known = line.characters.map(({ text }) => text).join('') === line.text;
  const source = known ? line.characters : [...line.text].map((text) => ({ text, probability: null }));
  const kept = source.flatMap(({ text, probability }) =>
    [...text.normalize('NFKC').toLowerCase().replace(/\s/gu, '')].map((character) => ({ character, probability })),
  );
  return {
    characters: kept.map(({ character }) => character),
    probabilities: kept.map(({ probability }) => probability),
  };
}

/**
 * Whether two readings are of the same line. What differs must be little, and of each difference one side must be doubtful to the
 * reader itself: `12` and `13`, both read with certainty, are two lines. Where the reader gives no probabilities, a single
 * difference in a long line is let pass, but none in figures.
 */
export function isSameLine(a: Reading, b: Reading): boolean {
  const longest = Math.max(a.characters.length, b.characters.length);
  const most = longest > LONGEST_COMPARED ? 0 : Math.floor(longest * MOST_DIFFERENT);
  if (most === 0) return a.characters.join('') === b.characters.join('');
  if (Math.abs(a.characters.length - b.characters.length) > most) return false;
  const differences = differencesOf(a, b, most);
  if (differences === null) return false;
  const blind = differences.filter(({ isDoubtful }) => isDoubtful === null);
  if (blind.length > Math.floor(longest / BLIND_ONE_IN)) return false;
  return differences.every(({ text, isDoubtful }) => isDoubtful ?? !/\p{N}/u.test(text));
}

/** Whether the second is the first with more behind it. */
export function isGrown(before: Reading, after: Reading): boolean {
  const length = before.characters.length;
  if (length === 0 || after.characters.length <= length) return false;
  const start = { characters: after.characters.slice(0, length), probabilities: after.probabilities.slice(0, length) };
  return isSameLine(before, start);
}

interface Difference {
  readonly text: string;
  /** `null` where nobody gave a probability. */
  readonly isDoubtful: boolean | null;
}

/** The differences of a shortest way from one reading to the other (Levenshtein); `null` where there are more than `most`. */
function differencesOf(a: Reading, b: Reading, most: number): Difference[] | null {
  const [rows, columns] = [a.characters.length + 1, b.characters.length + 1];
  const costs = new Uint32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      if (row === 0 || column === 0) costs[at] = row + column;
      else {
        const differs = a.characters[row - 1] === b.characters[column - 1] ? 0 : 1;
        const [above, left, both] = [costs[at - columns], costs[at - 1], costs[at - columns - 1]] as [
          number,
          number,
          number,
        ];
        costs[at] = Math.min(above + 1, left + 1, both + differs);
      }
    }
  }
  if ((costs[rows * columns - 1] as number) > most) return null;
  const found: Difference[] = [];
  for (let [row, column] = [rows - 1, columns - 1]; row > 0 || column > 0; ) {
    const at = row * columns + column;
    const [x, y] = [a.characters[row - 1], b.characters[column - 1]];
    const cost = costs[at] as number;
    if (row > 0 && column > 0 && cost === (costs[at - columns - 1] as number) + (x === y ? 0 : 1)) {
      row--;
      column--;
      if (x !== y) found.push(difference(`${x}${y}`, a.probabilities[row], b.probabilities[column]));
    } else if (row > 0 && cost === (costs[at - columns] as number) + 1) {
      row--;
      found.push(difference(x ?? '', a.probabilities[row]));
    } else {
      column--;
      found.push(difference(y ?? '', b.probabilities[column]));
    }
  }
  return found;
}

function difference(text: string, ...probabilities: readonly (number | null | undefined)[]): Difference {
  const given = probabilities.filter((one) => typeof one === 'number');
  return { text, isDoubtful: given.length === 0 ? null : given.some((one) => one < DOUBTFUL_CHARACTER_BELOW) };
}
