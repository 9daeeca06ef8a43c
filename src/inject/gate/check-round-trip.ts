import type { GateCheck } from '#contract/gate.ts';
import type { VectorModel } from '#contract/ports.ts';
import type { ModelFingerprint, PromptPiece } from '#contract/prompt-vectors.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { type Distance, distanceOf, distancesTogether } from './distance.ts';
import { nextRoundTrip } from './round-trip-next.ts';
import { ROUND_TRIP_TEXTS } from './round-trip-texts.ts';
import { failed, figure, notRun, passed } from './verdict.ts';

/** Divergence that counts as nothing where the engine's own noise is less: 10 times what two splits of one prompt differ by. */
const FLOOR_TIMES = 10;
const LEAST_KL = 1e-5;
const SAME_TOP = 0.99;
/** Texts a cause is looked for on. */
const DIAGNOSED = 3;

export interface RoundTripOptions {
  readonly signal: AbortSignal;
  readonly texts?: readonly string[] | undefined;
  onText?(done: number, total: number): void;
}

/**
 * Reads fixed texts to a model as tokens and as rows of its own table, cut at the same places: the same logits must come. Passes
 * when not one differs, or when they differ by no more than the engine's own noise. Through a server without logits the likeliest
 * next tokens are compared.
 */
export async function checkRoundTrip(
  model: VectorModel,
  fingerprint: ModelFingerprint,
  options: RoundTripOptions,
): Promise<GateCheck> {
  if (fingerprint.perLayerInputs === true) return needsTokenIds();
  if (model.rows === null)
    return notRun('round-trip', 'The model’s input table is not at hand; its behaviour decides.');
  const texts = await tokensOf(model, options);
  const rows = model.rows;
  const vectorsOf = async (tokens: readonly number[], factor = fingerprint.scale) => {
    const read = await rows(tokens, options.signal);
    return factor === 1 ? read : read.map((value) => value * factor);
  };
  if (model.logits === null) return nextRoundTrip(model, texts, vectorsOf, options);
  const paths = { logits: model.logits, opening: model.opening ?? [], vectorsOf, signal: options.signal };
  const direct: Distance[] = [];
  for (const [at, tokens] of texts.entries()) {
    throwIfCancelled(options.signal);
    direct.push(distanceOf(await byTokens(paths, tokens), await byVectors(paths, tokens, fingerprint.scale)));
    options.onText?.(at + 1, texts.length);
  }
  const found = distancesTogether(direct);
  const figures = { value: found.maxAbs, measured: inWords(found) };
  if (found.maxAbs === 0) {
    return passed('round-trip', `Exact: ${found.positions} positions, not one logit differs.`, {
      ...{ ...figures, threshold: 'no difference' },
    });
  }
  const floor = await noiseFloor(paths, texts);
  const most = Math.max(FLOOR_TIMES * floor.meanKl, LEAST_KL);
  const threshold = `KL ≤ ${figure(most)} and the same first token in ${SAME_TOP * 100} %`;
  if (found.meanKl <= most && found.sameTop >= SAME_TOP) {
    return passed('round-trip', 'Equal within the engine’s own noise.', { ...figures, threshold });
  }
  return { ...(await diagnosis(paths, texts, fingerprint, most, inWords(found))), value: found.meanKl, threshold };
}

interface Paths {
  readonly logits: NonNullable<VectorModel['logits']>;
  readonly opening: readonly number[];
  readonly vectorsOf: (tokens: readonly number[], factor: number) => Promise<Float32Array>;
  readonly signal: AbortSignal;
}

async function tokensOf(model: VectorModel, { texts = ROUND_TRIP_TEXTS, signal }: RoundTripOptions) {
  const tokens: (readonly number[])[] = [];
  for (const text of texts) tokens.push(await model.tokenize(text, signal));
  if (model.templated) tokens.push(await model.templated('Is it raining? 今天下雨吗？', signal));
  return tokens.filter((one) => one.length > 0);
}

const after = (opening: readonly number[], pieces: readonly PromptPiece[]): readonly PromptPiece[] =>
  opening.length > 0 ? [{ tokens: opening }, ...pieces] : pieces;

async function byTokens({ logits, opening, signal }: Paths, tokens: readonly number[]) {
  return (await logits(after(opening, [{ tokens }]), signal)).slice(opening.length);
}

async function byVectors({ logits, opening, vectorsOf, signal }: Paths, tokens: readonly number[], factor: number) {
  return (await logits(after(opening, [{ vectors: await vectorsOf(tokens, factor) }]), signal)).slice(opening.length);
}

/** What the engine differs by from itself when a prompt is cut elsewhere. */
async function noiseFloor(paths: Paths, texts: readonly (readonly number[])[]): Promise<Distance> {
  const floors: Distance[] = [];
  for (const tokens of texts.filter((one) => one.length > 1)) {
    throwIfCancelled(paths.signal);
    const half = Math.ceil(tokens.length / 2);
    const pieces = [{ tokens: tokens.slice(0, half) }, { tokens: tokens.slice(half) }];
    const cut = (await paths.logits(after(paths.opening, pieces), paths.signal)).slice(paths.opening.length);
    floors.push(distanceOf(await byTokens(paths, tokens), cut));
  }
  return distancesTogether(floors);
}

/** Looks for a known cause: a scale of √width, or a position too many or too few. */
async function diagnosis(
  paths: Paths,
  texts: readonly (readonly number[])[],
  { width, scale }: ModelFingerprint,
  most: number,
  measured: string,
): Promise<GateCheck> {
  const some = texts.filter((one) => one.length > 3).slice(0, DIAGNOSED);
  const within = async (compare: (tokens: readonly number[]) => Promise<Distance>) => {
    const distances: Distance[] = [];
    for (const tokens of some) distances.push(await compare(tokens));
    const all = distancesTogether(distances);
    return some.length > 0 && all.meanKl <= most && all.sameTop >= SAME_TOP;
  };
  for (const [factor, name] of [
    [Math.sqrt(width), `√${width}`],
    [1 / Math.sqrt(width), `1/√${width}`],
  ] as const) {
    const scaled = async (tokens: readonly number[]) =>
      distanceOf(await byTokens(paths, tokens), await byVectors(paths, tokens, scale * factor));
    if (await within(scaled)) {
      return failed('round-trip', 'refused', 'EMB_SCALE_RULE', {
        ...{
          measured,
          message: `The round trip fails (${measured}) and is right after × ${figure(factor)} = ${name}.`,
        },
        remedy: `Set the scale of this model to ${figure(scale * factor)}: it multiplies its own rows and raw vectors not.`,
      });
    }
  }
  for (const by of [1, -1]) {
    const shifted = async (tokens: readonly number[]) => {
      const [wanted, found] = [await byTokens(paths, tokens), await byVectors(paths, tokens, scale)];
      return by > 0 ? distanceOf(wanted, found.slice(1)) : distanceOf(wanted.slice(1), found);
    };
    if (await within(shifted)) {
      return failed('round-trip', 'refused', 'EMB_ROUNDTRIP', {
        ...{ measured, message: `Vectors arrive ${by > 0 ? 'one position late' : 'one position early'}.` },
        remedy: 'Look for a mark of the beginning that only one of both paths is given.',
      });
    }
  }
  return failed('round-trip', 'refused', 'EMB_ROUNDTRIP', {
    ...{ measured, message: 'Rows of the model’s own table are not its tokens to it; the cause is not a known one.' },
    remedy: 'Take the table from the very file that is served, and compare the engine’s versions.',
  });
}

function needsTokenIds(): GateCheck {
  // Not tried: older llama.cpp ends its process when such a model is given vectors (its issue 16476).
  return failed('round-trip', 'refused', 'EMB_NEEDS_TOKEN_IDS', {
    ...{ measured: 'per-layer inputs', threshold: 'none' },
    message: 'This model looks token numbers up again in every layer; vectors have none.',
    remedy: 'Use the text route, or a model without per-layer inputs.',
  });
}

function inWords({ maxAbs, meanKl, sameTop, positions }: Distance): string {
  return `max ${figure(maxAbs)}, KL ${figure(meanKl)}, first token the same in ${figure(sameTop * 100)} % of ${positions}`;
}
