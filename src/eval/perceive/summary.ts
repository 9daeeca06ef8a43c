import { median } from '#kit/median.ts';
import { together, type VerbatimScore, verbatimTogether } from '#score/index.ts';
import type { RowResult } from './row.ts';

/** Everything of one modality and language together. `rate` of its units, micro averaged; `null` where nothing was scored. */
export interface Group {
  readonly modality: string;
  readonly lang: string;
  readonly files: number;
  readonly unit: string;
  readonly length: number;
  readonly substitutions: number;
  readonly deletions: number;
  readonly insertions: number;
  readonly contentRate: number;
  readonly verbatimRate: number;
  readonly particles: RowResult['particles'];
  /** What tidy transcripts leave out, by class, over all files; `null` where nothing was heard. */
  readonly wordForWord: VerbatimScore | null;
  /** Median of seconds worked for each second of sound; `null` for what has no length. */
  readonly realTimeFactor: number | null;
}

export interface Summary {
  readonly groups: readonly Group[];
  /** Words or characters found in files where there are none, and how many such files there were. */
  readonly invented: number;
  readonly silentFiles: number;
  readonly outcomes: Readonly<Record<RowResult['outcome'], number>>;
}

/** Puts results together by modality and language. */
export function summarise(results: readonly RowResult[]): Summary {
  const outcomes = { scored: 0, 'empty-right': 0, invented: 0, 'refused-right': 0, skipped: 0, failed: 0 };
  for (const { outcome } of results) outcomes[outcome] += 1;
  const scored = results.filter(({ outcome }) => outcome === 'scored');
  const keys = [...new Set(scored.map(({ modality, lang }) => `${modality}\n${lang ?? '–'}`))].sort();
  const silent = results.filter(({ outcome }) => outcome === 'empty-right' || outcome === 'invented');
  return {
    groups: keys.map((key) => {
      const own = scored.filter(({ modality, lang }) => `${modality}\n${lang ?? '–'}` === key);
      return groupOf(own, key.split('\n') as [string, string]);
    }),
    invented: silent.reduce((sum, { invented }) => sum + invented, 0),
    silentFiles: silent.length,
    outcomes,
  };
}

function groupOf(rows: readonly RowResult[], [modality, lang]: readonly [string, string]): Group {
  const content = together(rows.flatMap((row) => row.content ?? []));
  const verbatim = together(rows.flatMap((row) => row.verbatim ?? []));
  const heard = rows.flatMap((row) => row.wordForWord ?? []);
  const { substitutions, deletions, insertions, hits } = content;
  const factors = rows.flatMap(({ seconds, durationSeconds }) =>
    seconds !== null && durationSeconds ? [seconds / durationSeconds] : [],
  );
  return {
    ...{ modality, lang, files: rows.length, unit: rows[0]?.content?.unit ?? 'word' },
    length: substitutions + deletions + hits,
    ...{ substitutions, deletions, insertions },
    particles: {
      said: rows.reduce((sum, { particles }) => sum + particles.said, 0),
      written: rows.reduce((sum, { particles }) => sum + particles.written, 0),
    },
    wordForWord: heard.length === 0 ? null : verbatimTogether(heard),
    ...{ contentRate: content.rate, verbatimRate: verbatim.rate, realTimeFactor: median(factors, null) },
  };
}
