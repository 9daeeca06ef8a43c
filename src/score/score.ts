import { type Alignment, align, alignLattice, alignmentOf, type Edits, type Range, type Span } from './align.ts';
import { partsOf } from './alternations.ts';
import type { ContentOptions } from './content.ts';
import { type Costs, LEVENSHTEIN } from './costs.ts';
import { latticeOf, type Slot } from './lattice.ts';
import { errorRate, type Measures, measuresOf } from './measures.ts';
import { asCompared, type Cut, cut, RATE_NAMES, type Strictness, type Unit } from './units.ts';

/** How a text differs from a reference, and what it was compared by. */
export interface Score extends Edits {
  readonly unit: Unit;
  readonly rate: number;
}

/** Scores a text against the reference it is nearest to: numbers, say, may be written in digits or in words. */
export async function scoreText(
  references: readonly string[],
  text: string,
  unit: Unit,
  strictness: Strictness,
  options: ContentOptions = {},
): Promise<Score> {
  const hypothesis = cut(await asCompared(text, strictness, options), unit).texts;
  let best: Score | null = null;
  for (const reference of references) {
    const wanted = cut(await asCompared(reference, strictness, options), unit).texts;
    const { spans: _, ...edits } = align(wanted, hypothesis);
    const score = { ...edits, unit, rate: errorRate(edits) };
    if (best === null || score.rate < best.rate) best = score;
  }
  if (best === null) throw new Error('There is nothing to score against.');
  return best;
}

/** What two texts are compared by. */
export interface CompareOptions extends ContentOptions {
  readonly unit: Unit;
  readonly strictness: Strictness;
  /** Whether `{ a / b / @ }` in the reference are ways to write a place; otherwise they are text. */
  readonly alternations?: boolean | undefined;
  readonly costs?: Costs | undefined;
}

/** A span of an alignment with where it stands in both compared texts, in code points. */
export interface PlacedSpan extends Span {
  readonly referenceText: Range;
  readonly hypothesisText: Range;
}

/** A place that may be written in several ways, and which of them was nearest to what stands there. */
export interface Alternation {
  readonly ways: readonly string[];
  readonly taken: string;
}

/** Everything about how a text differs from a reference. */
export interface Comparison extends Edits, Measures {
  /** What `errorRate` is here, by its full name. */
  readonly rateName: string;
  /** Both texts as they were compared. Ways to write a place stand one after another in the reference. */
  readonly reference: string;
  readonly hypothesis: string;
  readonly spans: readonly PlacedSpan[];
  /** Optional places are forgiven, but counted: what was taken of each, in order. */
  readonly alternations: readonly Alternation[];
}

/** Compares a text with a reference: counts, rates, and spans with their places. */
export async function compare(reference: string, hypothesis: string, options: CompareOptions): Promise<Comparison> {
  const found = asUnits(await asCompared(hypothesis, options.strictness, options), options.unit);
  const wanted = await readReference(reference, options);
  const costs = options.costs ?? LEVENSHTEIN;
  const steps = wanted.alternations.length === 0 ? null : alignLattice(latticeOf(wanted.slots), found.texts, costs);
  const alignment: Alignment = steps ? alignmentOf(steps) : align(wanted.texts, found.texts, costs);
  const { spans, ...edits } = alignment;
  const used = new Set(steps?.flatMap((step) => (step.kind === 'insertion' ? [] : [step.reference])));
  return {
    ...edits,
    ...measuresOf(edits),
    rateName: RATE_NAMES[options.unit],
    reference: wanted.text,
    hypothesis: found.text,
    spans: spans.map((span) => ({
      ...span,
      referenceText: placeOf(span.reference, wanted),
      hypothesisText: placeOf(span.hypothesis, found),
    })),
    alternations: wanted.alternations.map(({ ways }) => ({
      ways: ways.map(({ text }) => text),
      taken: ways.find(({ units }) => units.some((unit) => used.has(unit)))?.text ?? '',
    })),
  };
}

interface InUnits extends Cut {
  readonly text: string;
}

interface Way {
  readonly text: string;
  readonly units: readonly number[];
}

interface Reference extends InUnits {
  readonly slots: readonly Slot[];
  readonly alternations: readonly { readonly ways: readonly Way[] }[];
}

function asUnits(text: string, unit: Unit): InUnits {
  return { text, ...cut(text, unit) };
}

async function readReference(reference: string, options: CompareOptions): Promise<Reference> {
  const parts = options.alternations ? partsOf(reference) : [reference];
  const pieces: string[] = [];
  const slots: Slot[] = [];
  const alternations: { ways: Way[] }[] = [];
  let units = 0;
  for (const part of parts) {
    const ways: Way[] = [];
    const slot: (readonly string[])[] = [];
    for (const way of typeof part === 'string' ? [part] : part) {
      const text = await asCompared(way, options.strictness, options);
      const { texts } = cut(text, options.unit);
      pieces.push(text);
      slot.push(texts);
      ways.push({ text, units: texts.map((_, at) => units + at) });
      units += texts.length;
    }
    slots.push(slot);
    if (typeof part !== 'string') alternations.push({ ways });
  }
  return { ...asUnits(pieces.join(' '), options.unit), slots, alternations };
}

// An empty range stands before the unit it names, or at the end.
function placeOf({ start, end }: Range, { starts, ends }: Cut): Range {
  if (end > start) return { start: starts[start] ?? 0, end: ends[end - 1] ?? 0 };
  const at = starts[start] ?? ends.at(-1) ?? 0;
  return { start: at, end: at };
}
