import type { Ledger, Measured } from '#contract/ledger.ts';

/** One figure of a ledger under its name; `low` and `high` only where it has an interval. */
export interface Figure extends Measured {
  readonly group: 'accuracy' | 'conversion' | 'model' | 'embedding' | 'request';
  /** As in the schema: `errorRate`. */
  readonly name: string;
  readonly low: number | null;
  readonly high: number | null;
}

/** Figures that are shares or probabilities; all others are counts, bits or tokens, from 0 up. */
export const SHARES: ReadonlySet<string> = new Set([
  'errorRate',
  'hallucination',
  'readers',
  'questionIntonation',
  'timeUnseen',
  'compatibility',
  'impact',
]);

/** Every figure of a ledger, measured or not, group by group. */
export function figuresOf({ loss, impact }: Pick<Ledger, 'loss' | 'impact'>): Figure[] {
  const groups = Object.entries(loss) as [Figure['group'], object][];
  const inGroups = groups.flatMap(([group, figures]) =>
    Object.entries(figures).flatMap(([name, figure]) => (isFigure(figure) ? [figureOf(group, name, figure)] : [])),
  );
  return [...inGroups, figureOf('request', 'impact', impact)];
}

function figureOf(group: Figure['group'], name: string, figure: Measured & Partial<Figure>): Figure {
  const { value, source, reason, low = null, high = null } = figure;
  return { group, name, value, source, reason, low, high };
}

function isFigure(value: unknown): value is Measured {
  return typeof value === 'object' && value !== null && 'value' in value && 'reason' in value;
}
