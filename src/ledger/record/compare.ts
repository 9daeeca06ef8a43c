import type { DoubtfulSpan, Ledger, Mitigation } from '#contract/ledger.ts';
import { figuresOf } from './figures.ts';
import type { LedgerStats } from './stats.ts';

/** A figure that is another in the second ledger; `null` is not measured. */
export interface ChangedFigure {
  readonly name: string;
  readonly before: number | string | null;
  readonly after: number | string | null;
}

/** What is different in a second ledger. */
export interface LedgerDifference {
  readonly figures: readonly ChangedFigure[];
  /** Doubtful places that only the first ledger has, only the second, and those whose probability is another. */
  readonly spansGone: readonly DoubtfulSpan[];
  readonly spansCome: readonly DoubtfulSpan[];
  readonly spansChanged: readonly { readonly before: DoubtfulSpan; readonly after: DoubtfulSpan }[];
}

/** Compares two ledgers figure by figure and place by place. A place is the same where it stands in the same part, with the same ends and text. */
export function compareLedgers(before: Ledger, after: Ledger): LedgerDifference {
  const [one, other] = [spansOf(before), spansOf(after)];
  const common = [...one].flatMap(([key, span]) => {
    const now = other.get(key);
    return now ? [{ before: span, after: now }] : [];
  });
  return {
    figures: changed(valuesOf(before), valuesOf(after)),
    spansGone: [...one].filter(([key]) => !other.has(key)).map(([, span]) => span),
    spansCome: [...other].filter(([key]) => !one.has(key)).map(([, span]) => span),
    spansChanged: common.filter((pair) => pair.before.pError !== pair.after.pError),
  };
}

/** What differs between what two lots of ledgers come to. Levels and routes are compared as shares of the requests, losses and edits as numbers. */
export function changedStats(before: LedgerStats, after: LedgerStats): ChangedFigure[] {
  return changed(flat(before), flat(after));
}

function flat({
  requests,
  levels,
  routes,
  errorRate,
  spans,
  minutes,
  losses,
  mitigations,
  unmeasured,
}: LedgerStats): Values {
  const each = <T>(prefix: string, record: Readonly<Record<string, T>>, value: (one: T) => number) =>
    Object.entries(record).map(([name, one]): [string, number] => [`${prefix}.${name}`, value(one)]);
  return new Map<string, number | null>([
    ['requests', requests],
    ['minutes', minutes],
    ...each('levels', levels, (count) => count / requests),
    ...each('routes', routes, (count) => count / requests),
    ['errorRate', errorRate.mean],
    ['spans', spans.total],
    ['spansPerMinute', spans.perMinute],
    ...each('losses', losses, (count) => count),
    ...each('mitigations.editsProposed', mitigations, ({ proposed }) => proposed),
    ...each('mitigations.editsAccepted', mitigations, ({ accepted }) => accepted),
    ...each('unmeasured', unmeasured, ({ count }) => count / requests),
  ]);
}

/** The names of what differs between two lists of values, in the order of the first. A name that only one has is `null` in the other. */
function changed(before: Values, after: Values): ChangedFigure[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [one, other] = [before.get(name) ?? null, after.get(name) ?? null];
    return one === other ? [] : [{ name, before: one, after: other }];
  });
}

type Values = ReadonlyMap<string, number | string | null>;

function valuesOf(ledger: Ledger): Values {
  const values = new Map<string, number | string | null>([['verdict.level', ledger.verdict.level]]);
  for (const { part, chosen } of ledger.routes) values.set(`routes.${part}`, chosen);
  for (const { group, name, value } of figuresOf(ledger)) {
    values.set(group === 'request' ? name : `loss.${group}.${name}`, value);
  }
  values.set('spans', ledger.spans.length + ledger.spansSummarised);
  for (const { kind } of ledger.losses) count(values, `losses.${kind}`, 1);
  for (const one of ledger.mitigations) addMitigation(values, one);
  values.set('calibration.profile', ledger.calibration.profile);
  return values;
}

function addMitigation(values: Map<string, number | string | null>, one: Mitigation): void {
  count(values, `mitigations.${one.id}.editsProposed`, one.editsProposed);
  count(values, `mitigations.${one.id}.editsAccepted`, one.editsAccepted);
}

function count(values: Map<string, number | string | null>, name: string, more: number | null): void {
  if (more === null) return;
  const before = values.get(name);
  values.set(name, (typeof before === 'number' ? before : 0) + more);
}

function spansOf({ spans }: Ledger): Map<string, DoubtfulSpan> {
  return new Map(spans.map((span) => [JSON.stringify([span.part, span.start, span.end, span.class, span.text]), span]));
}
