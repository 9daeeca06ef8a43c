import type { Ledger } from '#contract/ledger.ts';
import { figuresOf } from './figures.ts';

/** What many ledgers come to. */
export interface LedgerStats {
  readonly requests: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly levels: Readonly<Record<string, number>>;
  readonly routes: Readonly<Record<string, number>>;
  /** Mean of the requests that have one, with the interval that holds the mean 95 times of 100 (normal); `null` below two requests. */
  readonly errorRate: {
    readonly requests: number;
    readonly mean: number | null;
    readonly low: number | null;
    readonly high: number | null;
  };
  /** Doubtful places, listed or counted, and how many there are in a minute of sound and video; `null` where there was none. */
  readonly spans: { readonly total: number; readonly perMinute: number | null };
  readonly minutes: number;
  readonly losses: Readonly<Record<string, number>>;
  readonly mitigations: Readonly<
    Record<string, { readonly applied: number; readonly proposed: number; readonly accepted: number }>
  >;
  /** How often each figure was not measured, and the reason given most often. */
  readonly unmeasured: Readonly<Record<string, { readonly count: number; readonly reason: string }>>;
}

/** Reasons kept for each figure; others are counted, not named. */
const MOST_REASONS = 50;

/** Adds up ledgers one by one, in memory that does not grow with them. */
export function ledgerStats(): { add(ledger: Ledger): void; result(): LedgerStats } {
  const [levels, routes, losses] = [tally(), tally(), tally()];
  const mitigations = new Map<string, { applied: number; proposed: number; accepted: number }>();
  const reasons = new Map<string, ReturnType<typeof tally>>();
  let [requests, spans, durationMs] = [0, 0, 0];
  let [rates, sum, squares] = [0, 0, 0];
  let [from, to]: [string | null, string | null] = [null, null];
  return {
    add(ledger) {
      requests += 1;
      const { createdAt } = ledger;
      if (from === null || createdAt < from) from = createdAt;
      if (to === null || createdAt > to) to = createdAt;
      levels.add(ledger.verdict.level);
      for (const { chosen } of ledger.routes) routes.add(chosen);
      for (const { kind } of ledger.losses) losses.add(kind);
      spans += ledger.spans.length + ledger.spansSummarised;
      for (const input of ledger.inputs) durationMs += input.durationMs ?? 0;
      for (const { group, name, value, reason } of figuresOf(ledger)) {
        if (group === 'accuracy' && name === 'errorRate' && value !== null) {
          rates += 1;
          sum += value;
          squares += value * value;
        }
        if (value !== null) continue;
        const key = group === 'request' ? name : `${group}.${name}`;
        const why = reasons.get(key) ?? tally(MOST_REASONS);
        reasons.set(key, why);
        why.add(reason ?? '');
      }
      for (const { id, applied, editsProposed, editsAccepted } of ledger.mitigations) {
        const one = mitigations.get(id) ?? { applied: 0, proposed: 0, accepted: 0 };
        mitigations.set(id, one);
        one.applied += applied ? 1 : 0;
        one.proposed += editsProposed ?? 0;
        one.accepted += editsAccepted ?? 0;
      }
    },
    result: () => ({
      ...{ requests, from, to, levels: levels.counts(), routes: routes.counts(), minutes: durationMs / 60_000 },
      errorRate: { requests: rates, ...meanOf(rates, sum, squares) },
      spans: { total: spans, perMinute: durationMs === 0 ? null : spans / (durationMs / 60_000) },
      losses: losses.counts(),
      mitigations: Object.fromEntries(mitigations),
      unmeasured: Object.fromEntries(
        [...reasons].map(([key, why]) => [key, { count: why.total(), reason: Object.keys(why.counts())[0] ?? '' }]),
      ),
    }),
  };
}

function tally(most = Number.POSITIVE_INFINITY) {
  const counts = new Map<string, number>();
  let total = 0;
  return {
    add(key: string) {
      total += 1;
      if (counts.has(key) || counts.size < most) counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    total: () => total,
    /** The most frequent first. */
    counts: () => Object.fromEntries([...counts].sort((a, b) => b[1] - a[1])),
  };
}

function meanOf(count: number, sum: number, squares: number) {
  if (count === 0) return { mean: null, low: null, high: null };
  const mean = sum / count;
  if (count === 1) return { mean, low: null, high: null };
  const deviation = Math.sqrt(Math.max(0, (squares - count * mean * mean) / (count - 1)));
  const half = (1.96 * deviation) / Math.sqrt(count);
  return { mean, low: Math.max(0, mean - half), high: Math.min(1, mean + half) };
}
