import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Comparison, compare, LEVENSHTEIN, SCLITE, together, type Unit } from '#score/index.ts';

/** What jiwer or sclite said of a pair. `path` has a letter for each step: correct, substituted, deleted, inserted. */
export interface PeerScore {
  readonly path: string;
  readonly rates?: Rates | undefined;
}

/** jiwer's rates, under its names. */
export interface Rates {
  readonly wer: number;
  readonly mer: number;
  readonly wil: number;
  readonly wip: number;
}

/** A reference and a hypothesis, their units with blanks between, and what others said of them. jiwer knows no alternations. */
export interface ScoredPair {
  readonly kind: string;
  readonly unit: Unit;
  readonly reference: string;
  readonly hypothesis: string;
  readonly alternations?: boolean | undefined;
  readonly jiwer?: PeerScore | undefined;
  readonly sclite?: PeerScore | undefined;
}

/** Pairs with what scorers of known versions said of them, and jiwer's rate of all together. */
export interface RecordedScores {
  readonly versions: Readonly<Record<string, string>>;
  readonly jiwerTogether: number;
  readonly pairs: readonly ScoredPair[];
}

/** How many scores of others were compared with ours, and how many differ; `which` says where. */
export interface ScorerFigures {
  readonly cases: number;
  readonly mismatches: number;
}

/** A file of this name in a folder of data is compared too. */
const FILE = 'recorded-scores.json';

/** Scores every recorded pair anew: what `npm run eval:ledger` prints. */
export async function scorerFigures(folder: string | null): Promise<ScorerFigures> {
  const sets = [recordedScores()];
  const own = folder === null ? null : join(folder, FILE);
  if (own !== null && existsSync(own)) sets.push(JSON.parse(readFileSync(own, 'utf8')));
  const compared = await Promise.all(sets.map(compareScorers));
  return {
    cases: compared.reduce((sum, { cases }) => sum + cases, 0),
    mismatches: compared.reduce((sum, { which }) => sum + which.length, 0),
  };
}

/** The pairs that are kept with the product; `npm run check:scorers` makes their scores afresh. */
export function recordedScores(): RecordedScores {
  return JSON.parse(readFileSync(new URL(FILE, import.meta.url), 'utf8'));
}

/** Compares our scores with those of others: every step, and with jiwer every rate. */
export async function compareScorers({ pairs, jiwerTogether }: RecordedScores) {
  const which: string[] = [];
  const withJiwer: Comparison[] = [];
  let cases = 0;
  for (const [at, pair] of pairs.entries()) {
    const { reference, hypothesis, unit, alternations } = pair;
    for (const peer of ['jiwer', 'sclite'] as const) {
      const theirs = pair[peer];
      if (!theirs) continue;
      const costs = peer === 'jiwer' ? LEVENSHTEIN : SCLITE;
      const ours = await compare(reference, hypothesis, { unit, strictness: 'verbatim', alternations, costs });
      if (peer === 'jiwer') withJiwer.push(ours);
      cases += 1;
      if (pathOf(ours) !== theirs.path || !sameRates(ours, theirs.rates)) which.push(`${peer} ${at} (${pair.kind})`);
    }
  }
  if (withJiwer.length > 0) {
    cases += 1;
    if (Math.abs(together(withJiwer).rate - jiwerTogether) > 1e-12) which.push('jiwer, all together');
  }
  return { cases, which };
}

const LETTERS = { hit: 'C', substitution: 'S', deletion: 'D', insertion: 'I' } as const;

function pathOf({ spans }: Comparison): string {
  const lengthOf = ({ start, end }: { start: number; end: number }) => end - start;
  return spans
    .map((span) => LETTERS[span.kind].repeat(Math.max(lengthOf(span.reference), lengthOf(span.hypothesis))))
    .join('');
}

function sameRates(ours: Comparison, rates: Rates | undefined): boolean {
  const pairs: [number, number | undefined][] = [
    [ours.errorRate, rates?.wer],
    [ours.matchErrorRate, rates?.mer],
    [ours.wordInformationLost, rates?.wil],
    [ours.wordInformationPreserved, rates?.wip],
  ];
  return pairs.every(([one, other]) => other === undefined || Math.abs(one - other) < 1e-12);
}
