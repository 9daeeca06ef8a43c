import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One recorded utterance: what was said, what a recogniser heard, and what each corrector made of that. */
export interface Utterance {
  readonly id: string;
  /** Utterances of one speaker are alike: intervals are drawn by whole speakers. */
  readonly speaker: string;
  readonly reference: string;
  readonly heard: string;
  /** By the name of the language model. */
  readonly corrected: Readonly<Record<string, string>>;
  /** By the name of the column: what other decoders heard. */
  readonly readers: Readonly<Record<string, string>>;
}

const FILE = /^(.+)-asr-hypotheses\.tsv$/;
const CORRECTED = /^llm_corrected_(?:.+_)?([^_]+)$/;
const HEARD = ['ctc_greedy', 'hypothesis'];

/** All `<set>-asr-hypotheses.tsv` of a folder, by set. Columns are found by their names; those nobody knows are taken for other decoders. */
export async function readRecorded(folder: string): Promise<Map<string, Utterance[]>> {
  const sets = new Map<string, Utterance[]>();
  for (const name of (await readdir(folder)).sort()) {
    const set = FILE.exec(name)?.[1];
    if (set !== undefined) sets.set(set, utterancesOf(await readFile(join(folder, name), 'utf8')));
  }
  return sets;
}

/** The rows of such a file; the first line names the columns. */
export function utterancesOf(table: string): Utterance[] {
  const [head = [], ...rows] = table
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
  const column = (name: string | undefined) => (name === undefined ? -1 : head.indexOf(name));
  const heardAt = column(HEARD.find((name) => head.includes(name)));
  const [idAt, referenceAt] = [column('id'), column('reference')];
  if (referenceAt < 0 || heardAt < 0) return [];
  const named = head.map((name, at) => ({ name, at, corrector: CORRECTED.exec(name)?.[1] }));
  const readers = named.filter(({ at, corrector }) => !corrector && ![idAt, referenceAt, heardAt].includes(at));
  return rows.map((cells, row) => {
    const id = cells[idAt] ?? String(row + 1);
    return {
      id,
      speaker: speakerOf(id),
      reference: cells[referenceAt] ?? '',
      heard: cells[heardAt] ?? '',
      corrected: Object.fromEntries(
        named.flatMap(({ at, corrector }) => (corrector ? [[corrector, cells[at] ?? '']] : [])),
      ),
      readers: Object.fromEntries(readers.map(({ name, at }) => [name, cells[at] ?? ''])),
    };
  });
}

/** AISHELL writes `BAC009S0764W0121` and `IT0025W0288`: the speaker stands before the W. */
function speakerOf(id: string): string {
  return id.replace(/W\d+$/, '');
}
