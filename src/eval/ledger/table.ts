import type { Interval } from '#score/index.ts';
import type { LedgerEvaluation } from './evaluate.ts';
import type { FlagFigures } from './flags.ts';
import { formatGate } from './gate.ts';
import { formatGlossary } from './glossary.ts';

/** The evaluation as text for people. */
export function formatLedgerEvaluation({ scorer, flags, gate, glossary, homophones, kept }: LedgerEvaluation): string {
  const { withTone, withoutTone, hypotheses, confusables } = homophones;
  return [
    `${scorer.cases} scores of jiwer and sclite made again: ${scorer.mismatches} differ.`,
    '',
    ...flagLines('Which characters are wrong, from another decoder and a dictionary', flags.textOnly),
    ...flagLines('The same with what one language model would correct', flags.withProofread),
    formatGate(gate),
    formatGlossary(glossary),
    `Homophones: ${bits(withTone.bitsPerWord)} a word with tone, ${bits(withoutTone.bitsPerWord)} without; ${confusables.found} of ${confusables.of} confusable words known.`,
    ...Object.entries(hypotheses).map(
      ([column, { together }]) => `  ${column}: AUROC ${three(together.auroc)}, AP ${three(together.ap)}`,
    ),
    '',
    'Particles (语气词) that are there, in their places [95 % by speakers]',
    ...Object.entries(kept.particles).map(
      ([column, { particles, recall, deleted, added, empty }]) =>
        `  ${column}: ${range(recall)} of ${particles}; ${deleted} left out, ${added} added, ${empty} texts empty`,
    ),
    '',
    'Characters one decoder left out, by gaps against another',
    ...Object.entries(kept.gaps).map(
      ([pair, { deletions, recall, precision }]) =>
        `  ${pair}: ${range(recall)} of ${deletions} found, ${range(precision)} of the gaps were one`,
    ),
    '',
  ].join('\n');
}

function flagLines(title: string, figures: FlagFigures): string[] {
  const { auroc, ap, recallAtP60, ece, intervals, characters, wrong, speakers, from, reason, learning } = figures;
  if (auroc === null) return [`${title}: not measured. ${reason}`, ''];
  const figure = (name: keyof NonNullable<typeof intervals>, value: number | null) =>
    `${three(value)}${intervals ? ` [${three(intervals[name].low)}, ${three(intervals[name].high)}]` : ''}`;
  return [
    `${title} (${from}; ${wrong} of ${characters} characters wrong, ${speakers} speakers, each judged by the others)`,
    `  AUROC ${figure('auroc', auroc)}, average precision ${figure('ap', ap)}, recall at precision 0.60 ${figure('recallAtP60', recallAtP60)}, ECE ${figure('ece', ece)}`,
    ...learning.map(
      (one) =>
        `  fitted on ${one.utterances} utterances: AUROC ${three(one.auroc)}, recall ${three(one.recallAtP60)}, error rate off by ${three(one.rateError)} (1 sd)`,
    ),
    '',
  ];
}

function three(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}

function bits(value: number): string {
  return `${value.toFixed(2)} bits`;
}

function range({ value, low, high }: Interval): string {
  return `${three(value)}${low === null ? '' : ` [${three(low)}, ${three(high)}]`}`;
}
