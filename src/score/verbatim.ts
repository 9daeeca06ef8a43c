import { align, type Edits } from './align.ts';
import { verbatimOf } from './content.ts';
import { errorRate, together } from './measures.ts';
import { type ClassedUnit, classed, type SpokenClass } from './spoken-classes.ts';
import { cut, type Unit } from './units.ts';

/** How often something was said, written, and both in the same place. Precision and recall are `null` where there is nothing to share. */
export interface Kept {
  readonly said: number;
  readonly written: number;
  readonly kept: number;
  readonly recall: number | null;
  readonly precision: number | null;
}

/** One particle or filler written where another was said: 好吧 and 好啊 are different answers. */
export interface Swap {
  readonly said: string;
  readonly written: string;
  readonly count: number;
}

/** The verbatim score: nothing forgiven but space, and what tidy transcripts leave out, by class. */
export interface VerbatimScore extends Edits {
  readonly errorRate: number;
  readonly particles: Kept;
  readonly fillers: Kept;
  readonly repetitions: Kept;
  readonly swaps: readonly Swap[];
  /** Edits of the sequence of tags in brackets, and their rate (PCER, as NV-Bench has it); `null` where neither text has a tag. */
  readonly tags: Edits;
  readonly tagErrorRate: number | null;
}

/** What a verbatim score is made with. The language (BCP 47, or two as `zh+en`) says which words are fillers. */
export interface VerbatimOptions {
  readonly unit: Unit;
  readonly language?: string | null | undefined;
}

/**
 * Scores a text word for word. The classes are compared without case and punctuation, because a comma more does not make a lost particle;
 * one counts as kept where the same stands in its place and is of the class there too.
 */
export function scoreVerbatim(
  reference: string,
  hypothesis: string,
  { unit, language = null }: VerbatimOptions,
): VerbatimScore {
  const [wanted, found] = [verbatimOf(reference), verbatimOf(hypothesis)];
  const { spans: _, ...edits } = align(cut(wanted, unit).texts, cut(found, unit).texts);
  const said = classed(wanted, unit, language);
  const written = classed(found, unit, language);
  const { spans: __, ...tags } = align(said.tags, written.tags);
  const pairs = pairsOf(said.units, written.units);
  const keptOf = (one: SpokenClass): Kept =>
    rated({
      said: said.units.filter(({ classes }) => classes.has(one)).length,
      written: written.units.filter(({ classes }) => classes.has(one)).length,
      kept: pairs.filter(([a, b]) => a.text === b.text && a.classes.has(one) && b.classes.has(one)).length,
    });
  return {
    ...edits,
    errorRate: errorRate(edits),
    particles: keptOf('particle'),
    fillers: keptOf('filler'),
    repetitions: keptOf('repetition'),
    swaps: counted(
      pairs
        .filter(([a, b]) => a.text !== b.text && isSmall(a) && isSmall(b))
        .map(([a, b]) => ({ said: a.text, written: b.text, count: 1 })),
    ),
    tags,
    tagErrorRate: said.tags.length + written.tags.length === 0 ? null : errorRate(tags),
  };
}

/** Verbatim scores of many texts as of one (micro average). */
export function verbatimTogether(scores: readonly VerbatimScore[]): VerbatimScore {
  const { rate, ...edits } = together(scores);
  const { rate: tagErrorRate, ...tags } = together(scores.map((score) => score.tags));
  const all = (which: 'particles' | 'fillers' | 'repetitions') => {
    const sum = (count: 'said' | 'written' | 'kept') => scores.reduce((total, score) => total + score[which][count], 0);
    return rated({ said: sum('said'), written: sum('written'), kept: sum('kept') });
  };
  return {
    ...edits,
    errorRate: rate,
    particles: all('particles'),
    fillers: all('fillers'),
    repetitions: all('repetitions'),
    swaps: counted(scores.flatMap((score) => score.swaps)),
    tags,
    tagErrorRate: scores.every((score) => score.tagErrorRate === null) ? null : tagErrorRate,
  };
}

// Units that stand in the same place, equal or not.
function pairsOf(
  said: readonly ClassedUnit[],
  written: readonly ClassedUnit[],
): (readonly [ClassedUnit, ClassedUnit])[] {
  const { spans } = align(
    said.map(({ text }) => text),
    written.map(({ text }) => text),
  );
  return spans.flatMap(({ kind, reference, hypothesis }) =>
    kind === 'hit' || kind === 'substitution'
      ? said
          .slice(reference.start, reference.end)
          .map((unit, at) => [unit, written[hypothesis.start + at] as ClassedUnit] as const)
      : [],
  );
}

const isSmall = ({ classes }: ClassedUnit) => classes.has('particle') || classes.has('filler');

function rated(counts: Pick<Kept, 'said' | 'written' | 'kept'>): Kept {
  return {
    ...counts,
    recall: counts.said === 0 ? null : counts.kept / counts.said,
    precision: counts.written === 0 ? null : counts.kept / counts.written,
  };
}

function counted(swaps: readonly Swap[]): Swap[] {
  const counts = new Map<string, Swap>();
  for (const { said, written, count } of swaps) {
    const key = JSON.stringify([said, written]);
    counts.set(key, { said, written, count: (counts.get(key)?.count ?? 0) + count });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}
