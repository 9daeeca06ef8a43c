import type { GateReport } from '#contract/gate.ts';
import type { Measured } from '#contract/ledger.ts';
import { measured, unmeasured } from './unmeasured.ts';

/** A part that went into the model as vectors, and what the gate knew of whatever made them; `null` where a caller brought them. */
export interface GivenVectors {
  readonly part: string;
  readonly report: Pick<GateReport, 'component' | 'model' | 'information' | 'items' | 'createdAt'> | null;
}

/**
 * How much of what text would tell the model its vectors told it, of the part with the least: what the gate measured of the component
 * on its own items, not of this request.
 */
export function compatibilityOf(vectors: readonly GivenVectors[]): Measured {
  if (vectors.length === 0) return unmeasured('The embedding route was not taken.');
  const unknown = vectors.filter(({ report }) => report === null).map(({ part }) => part);
  if (unknown.length > 0) {
    return unmeasured(`The caller brought the vectors of ${unknown.join(', ')}: no gate measured what made them.`);
  }
  const known = vectors.flatMap(({ report }) => (report?.information.value == null ? [] : [report]));
  const [least] = known.sort((a, b) => (a.information.value ?? 0) - (b.information.value ?? 0));
  if (!least) return unmeasured('The gate measured no share of information for this component.');
  const { component, model, items, createdAt, information } = least;
  return measured(
    information.value ?? 0,
    `gate of ${component} before ${model}, ${items} items, ${createdAt.slice(0, 10)}`,
  );
}
