import type { VectorModel } from '#contract/ports.ts';
import type { PromptPiece } from '#contract/prompt-vectors.ts';
import { bootstrap, type Interval } from '#score/index.ts';
import { isFutile, meanAndDeviation, tOf } from './futility.ts';
import { gains, type Reader, readerOf } from './gain.ts';

/** Draws of every interval; the seed makes the same items give the same one. */
const DRAWS = 1000;

/** What references cost a model read as text: the ceiling everything is a share of. Measured as it is needed, and once. */
export interface TextBaseline {
  readonly references: readonly string[];
  /** The gain of text for this item. */
  gain(at: number): Promise<number>;
}

/** What vectors tell a model of what they stand for. */
export interface Information {
  /** Mean gain as a share of the text’s own on the same items, with its interval of 95 %. */
  readonly share: Interval;
  /** Of the gain. */
  readonly t: number;
  readonly gainNats: number;
  readonly textGainNats: number;
  /** Items that were read; fewer than there are where it was futile to go on. */
  readonly items: number;
  readonly gains: readonly number[];
  readonly textGains: readonly number[];
}

export interface MeasureOptions {
  readonly signal: AbortSignal;
  readonly baseline?: TextBaseline | undefined;
  /** Stops early where the items cannot pass any more. */
  readonly mayStop?: boolean | undefined;
  onItem?(done: number, total: number): void;
}

type ScoringModel = VectorModel & { readonly score: NonNullable<VectorModel['score']> };

/** Whether the model tells how likely a text is to it. */
export function canScore(model: VectorModel): model is ScoringModel {
  return model.score !== null;
}

/** The text route on these references, to be shared by all that is measured on them. */
export function textBaseline(model: VectorModel, references: readonly string[], signal: AbortSignal): TextBaseline {
  return pieceBaseline(model, references, references, signal);
}

/** The gain of other texts for the references: what a conversion to text tells of them. */
export function pieceBaseline(
  model: VectorModel,
  references: readonly string[],
  texts: readonly string[],
  signal: AbortSignal,
): TextBaseline {
  if (!canScore(model)) throw new RangeError('This model shows no log-probabilities.');
  const known: number[] = [];
  let running: AsyncGenerator<number> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const more = async (at: number) => {
    running ??= gains(await readerOf(model, signal), references.length, async (item) => ({
      target: await model.tokenize(references[item] ?? '', signal),
      piece: { tokens: await model.tokenize(texts[item] ?? '', signal) },
    }));
    while (known.length <= at) {
      const { value, done } = await running.next();
      if (done) throw new RangeError(`no item ${at} among ${references.length}`);
      known.push(value);
    }
    return known[at] as number;
  };
  return {
    references,
    gain(at) {
      const gain = last.then(() => known[at] ?? more(at));
      last = gain.catch(() => {});
      return gain;
    },
  };
}

/** Measures what vectors tell a model, each beside the text it stands for. Throws a RangeError for a model without log-probabilities. */
export async function measureInformation(
  model: VectorModel,
  items: readonly { readonly vectors: Float32Array; readonly reference: string }[],
  options: MeasureOptions,
): Promise<Information> {
  const references = items.map(({ reference }) => reference);
  return measureReadings(
    model,
    references,
    async (at) => ({ vectors: items[at]?.vectors ?? new Float32Array(0) }),
    options,
  );
}

/** The same with pieces that are made when they are needed. */
export async function measureReadings(
  model: VectorModel,
  references: readonly string[],
  pieceOf: (at: number) => Promise<PromptPiece>,
  { signal, baseline = textBaseline(model, references, signal), mayStop = false, onItem }: MeasureOptions,
): Promise<Information> {
  if (!canScore(model)) throw new RangeError('This model shows no log-probabilities.');
  const reader: Reader = await readerOf(model, signal);
  const [own, text]: [number[], number[]] = [[], []];
  const read = async (at: number) => ({
    target: await reader.tokenize(references[at] ?? ''),
    piece: await pieceOf(at),
  });
  for await (const gain of gains(reader, references.length, read)) {
    own.push(gain);
    text.push(await baseline.gain(own.length - 1));
    onItem?.(own.length, references.length);
    if (mayStop && isFutile(own, text, references.length)) break;
  }
  return informationOf(own, text);
}

/** The share and its interval of gains already measured. */
export function informationOf(own: readonly number[], text: readonly number[]): Information {
  const pairs = own.map((gain, at) => ({ gain, text: text[at] ?? 0 }));
  const share = bootstrap(
    pairs,
    (some) => some.reduce((sum, one) => sum + one.gain, 0) / some.reduce((sum, one) => sum + one.text, 0),
    { draws: DRAWS },
  );
  const [gainNats, textGainNats] = [meanAndDeviation(own).mean, meanAndDeviation(text).mean];
  return { share, t: tOf(own), gainNats, textGainNats, items: own.length, gains: own, textGains: text };
}
