import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gate } from '#mend/index.ts';
import { align, blocksBy, bootstrap, type Interval } from '#score/index.ts';
import { particlePlaces } from '#words/index.ts';

/** What became of the Chinese particles (语气词) of a set, in one column of it. */
export interface KeptFigures {
  readonly characters: number;
  readonly particles: number;
  /** Share of the particles that are there in their places, with an interval over speakers. */
  readonly recall: Interval;
  /** Of the others: another particle stands there, another character, or nothing. */
  readonly swapped: number;
  readonly changed: number;
  readonly deleted: number;
  /** Particles that nobody said. */
  readonly added: number;
  /** How many texts are empty although something was said. */
  readonly empty: number;
}

/** What the gaps between two decoders say of characters that the first left out. */
export interface GapFigures {
  readonly deletions: number;
  readonly gaps: number;
  /** Share of the deletions that show as a gap, and of the gaps that are deletions; intervals over speakers. */
  readonly recall: Interval;
  readonly precision: Interval;
}

/** What `npm run eval:ledger` says of what was kept: by set and column, a corrector's also `.gated`; and by pairs of decoders. */
export interface Kept {
  readonly particles: Readonly<Record<string, KeptFigures>>;
  readonly gaps: Readonly<Record<string, GapFigures>>;
}

interface Row {
  readonly speaker: string;
  readonly reference: string;
  readonly text: (column: string) => string;
}

/** The recognisers of each set, and the correctors with what they corrected. */
const SETS = {
  aishell1: {
    recognisers: ['ctc_greedy', 'attention', 'attention_rescoring'],
    correctors: { llm_corrected_ctc_gpt4o: 'ctc_greedy', llm_corrected_ctc_deepseek: 'ctc_greedy' },
  },
  aishell2: {
    recognisers: ['hypothesis'],
    correctors: { llm_corrected_gpt4o: 'hypothesis', llm_corrected_deepseek: 'hypothesis' },
  },
} as const;

/** Counts what decoders and correctors kept, in the files of recorded hypotheses that a folder has. */
export async function keptFigures(folder: string): Promise<Kept> {
  const particles: Record<string, KeptFigures> = {};
  const gaps: Record<string, GapFigures> = {};
  for (const [set, { recognisers, correctors }] of Object.entries(SETS)) {
    const rows = await rowsOf(join(folder, `${set}-asr-hypotheses.tsv`));
    if (rows.length === 0) continue;
    const measure = (name: string, textOf: (row: Row) => string) => {
      particles[`${set}.${name}`] = particleFigures(rows, textOf);
    };
    for (const column of recognisers) {
      measure(column, ({ text }) => text(column));
      for (const other of recognisers) {
        if (other !== column) gaps[`${set}.${column}+${other}`] = gapFigures(rows, column, other);
      }
    }
    for (const [column, corrected] of Object.entries(correctors)) {
      measure(column, ({ text }) => text(column));
      measure(`${column}.gated`, ({ text }) => gate(text(corrected), text(column)).text);
    }
  }
  return { particles, gaps };
}

function particleFigures(rows: readonly Row[], textOf: (row: Row) => string): KeptFigures {
  const counts = rows.map((row) => ({ speaker: row.speaker, ...fate(row.reference, textOf(row)) }));
  const sum = (field: Exclude<keyof (typeof counts)[number], 'speaker'>) =>
    counts.reduce((total, one) => total + one[field], 0);
  return {
    ...{ characters: sum('characters'), particles: sum('particles'), recall: shareOf(counts, 'kept', 'particles') },
    ...{ swapped: sum('swapped'), changed: sum('changed'), deleted: sum('deleted') },
    ...{ added: sum('added'), empty: sum('empty') },
  };
}

/** What became of each particle of a reference. */
export function fate(reference: string, text: string) {
  const said = new Set(particlePlaces(reference).map(({ at }) => at));
  const written = new Set(particlePlaces(text).map(({ at }) => at));
  const found = { kept: 0, swapped: 0, changed: 0, deleted: 0 };
  const [from, to] = [[...reference], [...text]];
  for (const { kind, reference: was, hypothesis: is } of align(from, to).spans) {
    for (let at = was.start; at < was.end; at++) {
      if (!said.has(at)) continue;
      const there = is.start + at - was.start;
      if (kind === 'hit') found.kept++;
      else if (kind === 'deletion') found.deleted++;
      else found[written.has(there) ? 'swapped' : 'changed']++;
    }
  }
  return {
    ...{ characters: from.length, particles: said.size, ...found },
    added: written.size - found.kept - found.swapped,
    empty: to.length === 0 && from.length > 0 ? 1 : 0,
  };
}

function gapFigures(rows: readonly Row[], column: string, other: string): GapFigures {
  const counts = rows.map((row) => ({
    speaker: row.speaker,
    ...gapsIn(row.reference, row.text(column), row.text(other)),
  }));
  return {
    deletions: counts.reduce((sum, { deletions }) => sum + deletions, 0),
    gaps: counts.reduce((sum, { gaps }) => sum + gaps, 0),
    recall: shareOf(counts, 'shown', 'deletions'),
    precision: shareOf(counts, 'right', 'gaps'),
  };
}

/** Characters that a text lacks of its reference, and of another reading; each is found where the other is, give or take one character. */
export function gapsIn(reference: string, text: string, other: string) {
  const deletions = lackingIn(text, reference);
  const gaps = lackingIn(text, other);
  const near = (places: readonly number[]) => (at: number) => places.some((place) => Math.abs(place - at) <= 1);
  return {
    ...{ deletions: deletions.length, gaps: gaps.length },
    shown: deletions.filter(near(gaps)).length,
    right: gaps.filter(near(deletions)).length,
  };
}

// Before which character of the text each one stands that only the fuller reading has.
function lackingIn(text: string, fuller: string): number[] {
  return align([...fuller], [...text]).spans.flatMap(({ kind, reference, hypothesis }) =>
    kind === 'deletion' ? Array.from({ length: reference.end - reference.start }, () => hypothesis.start) : [],
  );
}

function shareOf<Count extends { readonly speaker: string }, Field extends Exclude<keyof Count, 'speaker'>>(
  counts: readonly (Count & Record<Field, number>)[],
  part: Field,
  whole: Field,
): Interval {
  const sums = blocksBy(counts, ({ speaker }) => speaker).map((block) => ({
    part: block.reduce((sum, one) => sum + one[part], 0),
    whole: block.reduce((sum, one) => sum + one[whole], 0),
  }));
  return bootstrap(sums, (drawn) => {
    const all = drawn.reduce((sum, one) => sum + one.whole, 0);
    return drawn.reduce((sum, one) => sum + one.part, 0) / all;
  });
}

// The speaker is in the name of an utterance: BAC009S0764W0121 is S0764's, IT0025W0288 is IT0025's.
function speakerOf(id: string): string {
  return /S\d{4}(?=W)/.exec(id)?.[0] ?? id.replace(/W\d+$/, '');
}

async function rowsOf(path: string): Promise<Row[]> {
  const [head = [], ...lines] = (await textOf(path))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
  return lines.map((cells) => ({
    speaker: speakerOf(cells[head.indexOf('id')] ?? ''),
    reference: cells[head.indexOf('reference')] ?? '',
    text: (column) => cells[head.indexOf(column)] ?? '',
  }));
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
