/** A run of characters that one reading has and the other lacks: `at` characters of the lacking one stand before it. */
export interface LeftOut {
  readonly at: number;
  readonly text: string;
  /** What stands before and after it in the reading that has it, as far as it is as long. */
  readonly before: string;
  readonly after: string;
}

/** Two readings longer than this are not compared: the table would take 16 million cells. */
const LONGEST = 4_000;

/**
 * The runs of a fuller reading that another lacks altogether, by the fewest edits between their letters and digits (NFKC, lower case); what is only
 * different is not among them. `null` where they are too long to compare. O(n·m) time, two bits a cell.
 */
export function leftOut(reading: string, fuller: string): LeftOut[] | null {
  const [here, there] = [lettersOf(reading), lettersOf(fuller)];
  if (here.length > LONGEST || there.length > LONGEST) return null;
  const runs: { at: number; from: number; to: number }[] = [];
  for (const { at, from } of insertions(here, there)) {
    const last = runs.at(-1);
    if (last && last.at === at && last.to === from) last.to++;
    else runs.push({ at, from, to: from + 1 });
  }
  return runs.map(({ at, from, to }) => ({
    at,
    text: there.slice(from, to).join(''),
    before: there.slice(Math.max(0, from - (to - from)), from).join(''),
    after: there.slice(to, to + (to - from)).join(''),
  }));
}

/** What two readings are compared by: their letters and digits, whatever their case and width. */
export function lettersOf(text: string): string[] {
  return [...text.normalize('NFKC').toLowerCase()].filter((character) => /[\p{L}\p{N}]/u.test(character));
}

// From the start of both: of equally few edits, staying on the diagonal comes first.
function insertions(here: readonly string[], there: readonly string[]): { at: number; from: number }[] {
  const width = there.length + 1;
  const steps = new Uint8Array((here.length + 1) * width);
  let row = Uint32Array.from({ length: width }, (_, at) => at);
  steps.fill(2, 1, width);
  for (let i = 1; i <= here.length; i++) {
    const next = new Uint32Array(width);
    next[0] = i;
    steps[i * width] = 1;
    for (let j = 1; j < width; j++) {
      const across = (row[j - 1] as number) + (here[i - 1] === there[j - 1] ? 0 : 1);
      const down = (row[j] as number) + 1;
      const along = (next[j - 1] as number) + 1;
      const least = Math.min(across, down, along);
      next[j] = least;
      steps[i * width + j] = across === least ? 0 : down === least ? 1 : 2;
    }
    row = next;
  }
  const found: { at: number; from: number }[] = [];
  let [i, j] = [here.length, there.length];
  while (i > 0 || j > 0) {
    const step = steps[i * width + j];
    if (step === 2) found.push({ at: i, from: j - 1 });
    if (step !== 2) i--;
    if (step !== 1) j--;
  }
  return found.reverse();
}
