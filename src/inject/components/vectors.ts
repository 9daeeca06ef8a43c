import { createHash } from 'node:crypto';
import { SensoriumError } from '#contract/error.ts';
import type { VectorModel } from '#contract/ports.ts';
import type { ModelFingerprint, PromptVectors } from '#contract/prompt-vectors.ts';

/** SHA-256 of numbers as little-endian float32, in hex. */
export function sha256OfFloats(values: Float32Array): string {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, at) => void view.setFloat32(at * 4, value, true));
  return createHash('sha256').update(bytes).digest('hex');
}

/** What a component made, as the contract has it. A number that is not finite is a broken component: engines would not notice it. */
export function promptVectors(made: {
  readonly part: string;
  readonly width: number;
  readonly values: Float32Array;
  readonly surrogate: string;
  readonly component: string;
}): PromptVectors {
  const { values, width, component } = made;
  const broken = values.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) throw unusable(component, `row ${Math.floor(broken / width)} of what it made is not finite.`);
  return { ...made, rows: values.length / width, sha256: sha256OfFloats(values) };
}

/** A model with its fingerprint and its own rows, scaled as the model itself scales them: what a component stands on. */
export interface OwnSpace {
  readonly fingerprint: ModelFingerprint;
  tokenize(text: string, signal: AbortSignal): Promise<readonly number[]>;
  /** Rows as they go in raw, one after the other. */
  rows(tokens: readonly number[], signal: AbortSignal): Promise<Float32Array>;
}

/** Opens the input space of a model. Throws `inject.component-unusable` where nobody has its table. */
export async function ownSpace(model: VectorModel, component: string, signal: AbortSignal): Promise<OwnSpace> {
  const fingerprint = await model.fingerprint(signal);
  const read = model.rows;
  if (read === null) throw unusable(component, `the input table of ${model.id} is not at hand.`, NEEDS_TABLE);
  return {
    fingerprint,
    tokenize: (text, stop) => model.tokenize(text, stop),
    rows: async (tokens, stop) => {
      if (tokens.length === 0) return new Float32Array(0);
      const rows = await read(tokens, stop);
      return fingerprint.scale === 1 ? rows : rows.map((value) => value * fingerprint.scale);
    },
  };
}

const NEEDS_TABLE = 'Use a model whose file is on this machine: its table is read from there.';

/** A component that cannot be used, and what to do. */
export function unusable(component: string, why: string, hint?: string, cause?: unknown): SensoriumError {
  return new SensoriumError(
    'inject.component-unusable',
    `The embedding component ${component} cannot be used: ${why}`,
    {
      hint: hint ?? 'Fit it again with `sensorium embed fit`, or use `own-table`, which needs no files.',
      cause,
    },
  );
}
