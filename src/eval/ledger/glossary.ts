import { applyEdits, openGlossary } from '#mend/index.ts';
import { align, blocksBy, bootstrap, type Interval } from '#score/index.ts';
import { type Dictionary, latticeOf } from '#words/index.ts';
import { readRecorded, type Utterance } from './recorded.ts';

/** What a glossary does to one set, with the dictionary or without. */
export interface GlossaryFigures {
  readonly utterances: number;
  readonly terms: number;
  /** Places where a term was said and something else was heard, the share that the glossary gave back, and the utterances that got worse. */
  readonly missed: number;
  readonly recovered: Interval;
  readonly harmed: number;
  readonly cerRelative: Interval;
  /** With the terms that nobody said, on what was really said: how many of them were put in, and into which share of utterances. */
  readonly falseInsertions: number;
  readonly falseShare: Interval;
  /** Processor time for a text, milliseconds: the mean over the set. */
  readonly msPerText: number;
}

/** By set, then `withDictionary`, `withoutDictionary`, and the same for `short` lists. */
export type GlossaryResults = Readonly<Record<string, Readonly<Record<string, GlossaryFigures>>>>;

const DISTRACTORS = 10_000;

/**
 * Measures the glossary on recorded hypotheses. Its terms are the words of the references that were heard wrong at least once, among
 * 10,000 rare words of the dictionary that nobody says; in the short lists those that one speaker's recordings had wrong, alone.
 */
export async function glossaryFigures(folder: string, dictionary: Dictionary): Promise<GlossaryResults> {
  const results: Record<string, Record<string, GlossaryFigures>> = {};
  for (const [set, utterances] of await readRecorded(folder)) {
    const said = utterances.map(({ reference }) => reference).join('\n');
    const distractors = rareWords(dictionary, said);
    const missed = utterances.map((utterance) => missedWords(utterance, dictionary));
    const figures = (known: Dictionary | undefined, short: boolean) =>
      figuresOf(utterances, missed, { distractors, dictionary: known, short });
    results[set] = {
      withDictionary: figures(dictionary, false),
      withoutDictionary: figures(undefined, false),
      shortWithDictionary: figures(dictionary, true),
      shortWithoutDictionary: figures(undefined, true),
    };
  }
  return results;
}

/** Words of two to four characters that were counted at most ten times and that nobody says here, every so many of them. */
function rareWords(dictionary: Dictionary, said: string): string[] {
  const rare: string[] = [];
  for (let word = 0; word < dictionary.words; word += 1) {
    const text = dictionary.text(word);
    if (text.length >= 2 && text.length <= 4 && dictionary.count(word) <= 10 && !said.includes(text)) rare.push(text);
  }
  const stride = Math.max(1, Math.floor(rare.length / DISTRACTORS));
  return rare.filter((_, at) => at % stride === 0).slice(0, DISTRACTORS);
}

/** Words of what was said, of two characters or more, that were heard as something else of the same length. */
function missedWords({ reference, heard }: Utterance, dictionary: Dictionary): string[] {
  const wrong = new Set<number>();
  for (const { kind, reference: range } of align([...reference], [...heard]).spans)
    if (kind === 'substitution') for (let at = range.start; at < range.end; at += 1) wrong.add(at);
  return latticeOf(reference, dictionary).pieces.flatMap(({ start, end }) => {
    const hit = Array.from({ length: end - start }, (_, at) => start + at).some((at) => wrong.has(at));
    return end - start >= 2 && hit ? [reference.slice(start, end)] : [];
  });
}

interface Kind {
  readonly distractors: readonly string[];
  readonly dictionary: Dictionary | undefined;
  /** Each speaker's own misheard words instead of everybody's among the distractors. */
  readonly short: boolean;
}

function figuresOf(
  utterances: readonly Utterance[],
  missed: readonly (readonly string[])[],
  { distractors, dictionary, short }: Kind,
): GlossaryFigures {
  const open = (terms: readonly string[]) => openGlossary([...new Set(terms)], { dictionary });
  const own = blocksBy(
    utterances.map(({ speaker }, at) => ({ speaker, words: missed[at] ?? [] })),
    ({ speaker }) => (short ? speaker : ''),
  ).map(
    (block) =>
      [block[0]?.speaker ?? '', open([...block.flatMap(({ words }) => words), ...(short ? [] : distractors)])] as const,
  );
  const bySpeaker = new Map(own);
  const glossaryOf = (speaker: string) => bySpeaker.get(speaker) ?? own[0]?.[1] ?? open([]);
  // What nobody said: the distractors, or in short lists what another speaker said.
  const others = new Map(own.map(([speaker], at) => [speaker, short ? own[(at + 1) % own.length]?.[1] : undefined]));
  const foreign = open(distractors);
  for (const { speaker, heard } of utterances.slice(0, 100)) glossaryOf(speaker).find(heard);
  const started = process.cpuUsage();
  const mended = utterances.map(({ speaker, heard }) => applyEdits(heard, glossaryOf(speaker).find(heard)));
  const spent = process.cpuUsage(started);
  const rows = utterances.map(({ speaker, reference, heard }, at) => {
    const text = mended[at] ?? heard;
    const wanted = missed[at] ?? [];
    const back = wanted.filter((word) => occurrences(text, word) > occurrences(heard, word)).length;
    const [was, is] = [errors(reference, heard), errors(reference, text)];
    return {
      speaker,
      was,
      is,
      wanted: wanted.length,
      back,
      invented: (others.get(speaker) ?? foreign).find(reference).length,
    };
  });
  const speakers = blocksBy(rows, ({ speaker }) => speaker);
  const ratio = (over: (row: (typeof rows)[number]) => number, under: (row: (typeof rows)[number]) => number) =>
    bootstrap(speakers, (blocks) => {
      const [a, b] = blocks.flat().reduce(([x, y], row) => [x + over(row), y + under(row)], [0, 0] as [number, number]);
      return a / b;
    });
  return {
    ...{ utterances: utterances.length, terms: Math.max(...own.map(([, glossary]) => glossary.terms)) },
    missed: rows.reduce((sum, { wanted }) => sum + wanted, 0),
    recovered: ratio(
      ({ back }) => back,
      ({ wanted }) => wanted,
    ),
    harmed: rows.filter(({ was, is }) => is > was).length,
    cerRelative: ratio(
      ({ was, is }) => is - was,
      ({ was }) => was,
    ),
    falseInsertions: rows.reduce((sum, { invented }) => sum + invented, 0),
    falseShare: ratio(
      ({ invented }) => Number(invented > 0),
      () => 1,
    ),
    msPerText: (spent.user + spent.system) / 1000 / utterances.length,
  };
}

function occurrences(text: string, word: string): number {
  return text.split(word).length - 1;
}

function errors(reference: string, text: string): number {
  const { substitutions, deletions, insertions } = align([...reference], [...text]);
  return substitutions + deletions + insertions;
}

/** The figures as lines of text. */
export function formatGlossary(results: GlossaryResults): string {
  const lines = ['A glossary of the words that were misheard, among 10,000 that nobody said [95 % by speakers]', ''];
  for (const [set, kinds] of Object.entries(results))
    for (const [kind, figures] of Object.entries(kinds)) {
      const { terms, missed, recovered, harmed, cerRelative, falseInsertions, falseShare, msPerText } = figures;
      lines.push(
        `${set} ${kind}: ${missed} words misheard, ${range(recovered)} given back, error rate ${range(cerRelative)}, ${harmed} utterances worse`,
        `  ${terms} terms, ${msPerText.toFixed(2)} ms a text; of those nobody said ${falseInsertions} put in, in ${range(falseShare)} of utterances`,
        '',
      );
    }
  return `${lines.join('\n')}\n`;
}

function range({ value, low, high }: Interval): string {
  const percent = (share: number | null) => (share === null ? '–' : `${(100 * share).toFixed(2)} %`);
  return `${percent(value)} [${percent(low)}, ${percent(high)}]`;
}
