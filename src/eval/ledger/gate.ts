import { type GateOptions, gate, type Refusal } from '#mend/index.ts';
import { align, blocksBy, bootstrap, type Interval } from '#score/index.ts';
import { type Dictionary, loadOneSpelling } from '#words/index.ts';
import { readRecorded, type Utterance } from './recorded.ts';

/** What a gate makes of somebody's corrections. Error rates by character, without space, punctuation and case. */
export interface GateVariant {
  readonly cerGated: number;
  /** Relative change of the error rate: -0.25 is a quarter less. Interval by speakers. */
  readonly relative: Interval;
  /** Utterances with fewer errors than before, and with more. */
  readonly helped: number;
  readonly harmed: number;
  /** Characters of the reference that the text lacks. */
  readonly deletions: number;
  readonly empties: number;
}

/** What the refusals for one reason would have done, each let through alone. */
export interface RefusalFigures {
  readonly edits: number;
  readonly wouldHelp: number;
  readonly wouldHarm: number;
}

/** The figures of one corrector on one set: as heard, as corrected, and as the gate of the product lets it through. */
export interface GateFigures extends GateVariant {
  readonly utterances: number;
  readonly speakers: number;
  readonly characters: number;
  readonly cerBefore: number;
  readonly cerUngated: number;
  readonly ungated: GateVariant;
  readonly deletionsBefore: number;
  readonly accepted: number;
  readonly refused: Readonly<Partial<Record<Refusal, RefusalFigures>>>;
  /** The gate with less or more to go by: `nearOnly`, `withDictionary`, `withReader.<column>`. */
  readonly variants: Readonly<Record<string, GateVariant>>;
}

/** By set, then by corrector, such as `aishell1.gpt4o`. */
export type GateResults = Readonly<Record<string, Readonly<Record<string, GateFigures>>>>;

/** Measures the gate on recorded corrections: every `<set>-asr-hypotheses.tsv` of a folder. Nothing is fitted to them. */
export async function gateFigures(folder: string, dictionary?: Dictionary): Promise<GateResults> {
  const spelling = await loadOneSpelling();
  const results: Record<string, Record<string, GateFigures>> = {};
  for (const [set, utterances] of await readRecorded(folder)) {
    const correctors = Object.keys(utterances[0]?.corrected ?? {});
    results[set] = Object.fromEntries(
      correctors.map((corrector) => [corrector, figuresOf(utterances, corrector, { spelling }, dictionary)]),
    );
  }
  return results;
}

function figuresOf(
  utterances: readonly Utterance[],
  corrector: string,
  options: GateOptions,
  dictionary: Dictionary | undefined,
): GateFigures {
  const proposed = ({ corrected }: Utterance) => corrected[corrector] ?? '';
  const gated =
    (more: (utterance: Utterance) => GateOptions = () => ({})) =>
    (utterance: Utterance) =>
      gate(utterance.heard, proposed(utterance), { ...options, ...more(utterance) }).text;
  const before = utterances.map((utterance) => errorsOf(utterance.reference, utterance.heard));
  const variant = (write: (utterance: Utterance) => string) => variantOf(utterances, before, write);
  const variants: Record<string, GateVariant> = { nearOnly: variant(gated(() => ({ steps: 0.5 }))) };
  if (dictionary) variants.withDictionary = variant(gated(() => ({ dictionary })));
  for (const reader of Object.keys(utterances[0]?.readers ?? {}))
    variants[`withReader.${reader}`] = variant(gated(({ readers }) => ({ second: readers[reader] })));
  const total = totalOf(before);
  const ungated = variant(proposed);
  return {
    ...{ utterances: utterances.length, speakers: blocksBy(utterances, ({ speaker }) => speaker).length },
    ...{ characters: total.length, cerBefore: total.errors / total.length, cerUngated: ungated.cerGated },
    ...variant(gated()),
    ...{ ungated, deletionsBefore: total.deletions },
    ...editsOf(utterances, proposed, options),
    variants,
  };
}

interface Errors {
  readonly errors: number;
  readonly deletions: number;
  readonly length: number;
}

/** What counts: letters, characters and digits, in one case. */
function units(text: string): string[] {
  return Array.from(text.replace(/[\s\p{P}]/gu, '').toUpperCase());
}

function errorsOf(reference: string, text: string): Errors {
  const wanted = units(reference);
  const { substitutions, deletions, insertions } = align(wanted, units(text));
  return { errors: substitutions + deletions + insertions, deletions, length: wanted.length };
}

function totalOf(all: readonly Errors[]): Errors {
  const sum = (key: keyof Errors) => all.reduce((total, one) => total + one[key], 0);
  return { errors: sum('errors'), deletions: sum('deletions'), length: sum('length') };
}

function variantOf(
  utterances: readonly Utterance[],
  before: readonly Errors[],
  write: (utterance: Utterance) => string,
): GateVariant {
  let [helped, harmed, empties] = [0, 0, 0];
  const all = utterances.map((utterance, at) => {
    const text = write(utterance);
    const after = errorsOf(utterance.reference, text);
    const was = before[at]?.errors ?? 0;
    if (after.errors < was) helped += 1;
    if (after.errors > was) harmed += 1;
    if (text.trim() === '') empties += 1;
    return { speaker: utterance.speaker, was, after };
  });
  const { errors, deletions, length } = totalOf(all.map(({ after }) => after));
  const relative = bootstrap(
    blocksBy(all, ({ speaker }) => speaker),
    (blocks) => {
      const [was, is] = blocks
        .flat()
        .reduce(([a, b], one) => [a + one.was, b + one.after.errors], [0, 0] as [number, number]);
      return is / was - 1;
    },
  );
  return { cerGated: errors / length, relative, helped, harmed, deletions, empties };
}

/** What was let through, and what each reason for refusing was worth. */
function editsOf(
  utterances: readonly Utterance[],
  proposed: (utterance: Utterance) => string,
  options: GateOptions,
): Pick<GateFigures, 'accepted' | 'refused'> {
  let accepted = 0;
  const refused: Partial<Record<Refusal, RefusalFigures>> = {};
  for (const utterance of utterances) {
    const gated = gate(utterance.heard, proposed(utterance), options);
    accepted += gated.accepted.length;
    const points = Array.from(utterance.heard);
    const was = errorsOf(utterance.reference, utterance.heard).errors;
    for (const { edit, why } of gated.refused) {
      const alone = points.slice(0, edit.start).join('') + edit.after + points.slice(edit.end).join('');
      const { errors } = errorsOf(utterance.reference, alone);
      const { edits = 0, wouldHelp = 0, wouldHarm = 0 } = refused[why] ?? {};
      refused[why] = {
        edits: edits + 1,
        wouldHelp: wouldHelp + Number(errors < was),
        wouldHarm: wouldHarm + Number(errors > was),
      };
    }
  }
  return { accepted, refused };
}

/** The figures as lines of text. */
export function formatGate(results: GateResults): string {
  const lines = [
    'The pinyin gate on recorded corrections (relative change of the character error rate [95 % by speakers], utterances better : worse)',
    '',
  ];
  for (const [set, correctors] of Object.entries(results))
    for (const [corrector, figures] of Object.entries(correctors)) {
      const { utterances, speakers, cerBefore, ungated, variants, refused, accepted, deletionsBefore } = figures;
      lines.push(
        `${set} ${corrector}: ${utterances} utterances of ${speakers} speakers, error rate ${percent(cerBefore)} as heard, ${deletionsBefore} deletions`,
      );
      lines.push(line('without a gate', ungated), line('with the gate', figures));
      for (const [name, variant] of Object.entries(variants)) lines.push(line(name, variant));
      const reasons = Object.entries(refused).map(
        ([why, { edits, wouldHelp, wouldHarm }]) => `${why} ${edits} (${wouldHelp} : ${wouldHarm})`,
      );
      lines.push(
        `  ${accepted} edits let through; refused, and how many of them would have helped : harmed: ${reasons.join(', ')}`,
        '',
      );
    }
  return `${lines.join('\n')}\n`;
}

function line(name: string, { cerGated, relative, helped, harmed, deletions, empties }: GateVariant): string {
  const interval =
    relative.low === null || relative.high === null ? '' : ` [${percent(relative.low)}, ${percent(relative.high)}]`;
  return `  ${name.padEnd(32)} ${percent(cerGated)}  ${percent(relative.value)}${interval}  ${helped} : ${harmed}  deletions ${deletions}, empty ${empties}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
