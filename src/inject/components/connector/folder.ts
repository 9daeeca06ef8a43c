import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { CONNECTOR_METHODS, ComponentManifest } from '#contract/prompt-vectors.ts';
import { unusable } from '../vectors.ts';
import type { Connector, LinearMap } from './connector.ts';
import { EncoderSource } from './encoder.ts';
import { readSafetensors, type Tensor, writeSafetensors } from './safetensors.ts';
import { readBounded } from './vectors-file.ts';

/** `connector.json`: how the vectors are made, and how that did on pairs it was not fitted on. */
export const ConnectorFile = z.object({
  schema: z.literal('embedding-connector/1'),
  method: z.enum(CONNECTOR_METHODS),
  source: EncoderSource,
  shape: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('regress'), norm: z.number().positive() }),
    z.object({
      kind: z.literal('mixture'),
      top: z.number().int().min(1).max(64),
      temperature: z.number().positive(),
    }),
    z.object({
      kind: z.literal('classify'),
      features: z
        .object({ seed: z.number().int(), count: z.number().int().min(1).max(16_384), spread: z.number().positive() })
        .nullable(),
    }),
  ]),
  heldOut: z.object({
    pairs: z.number().int().nonnegative(),
    of: z.enum(['tokens', 'pairs']),
    cosine: z.number().nullable(),
    nearestShare: z.number().nullable(),
  }),
  fittedOn: z.number().int().positive(),
  fitMs: z.number().nonnegative(),
});
export type ConnectorFile = z.infer<typeof ConnectorFile>;

export interface Saved {
  readonly manifest: ComponentManifest;
  readonly about: ConnectorFile;
  readonly connector: Connector;
}

const MAX_JSON_BYTES = 4 * 1024 * 1024;
const MAX_WEIGHT_BYTES = 512 * 1024 * 1024;

/** Writes a component's folder: weights first, the manifest last, so that a folder with a manifest is whole. Returns the manifest as written. */
export async function writeComponent(
  folder: string,
  manifest: ComponentManifest,
  about: ConnectorFile,
  connector: Connector,
): Promise<ComponentManifest> {
  const weights = writeSafetensors(tensorsOf(connector));
  const whole = { ...manifest, projectorSha256: sha256Of(weights) };
  await mkdir(folder, { recursive: true });
  await put(folder, 'weights.safetensors', weights);
  await put(folder, 'connector.json', `${JSON.stringify(about, null, 2)}\n`);
  await put(folder, 'component.json', `${JSON.stringify(whole, null, 2)}\n`);
  return whole;
}

/** Reads one back. Everything in it is checked: sizes before reading, the weights' hash, that all parts fit. Throws `inject.component-unusable`. */
export async function readComponent(folder: string): Promise<Saved> {
  const manifest = await readJson(join(folder, 'component.json'), ComponentManifest);
  if (manifest.kind !== 'connector') throw unusable(folder, `a folder holds a connector, not ${manifest.kind}.`);
  const about = await readJson(join(folder, 'connector.json'), ConnectorFile);
  const bytes = await readBounded(join(folder, 'weights.safetensors'), MAX_WEIGHT_BYTES);
  if (sha256Of(bytes) !== manifest.projectorSha256)
    throw unusable(folder, 'its weights are not those of its manifest.');
  const connector = connectorOf(about, readSafetensors(bytes, folder), folder);
  const outputs = connector.kind === 'classify' ? connector.units.length : manifest.target.width;
  if (connector.map.weights.columns !== outputs)
    throw unusable(folder, 'its weights are of another width than its model.');
  return { manifest, about, connector };
}

async function put(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  const unfinished = join(folder, `.${name}.${process.pid}`);
  await writeFile(unfinished, content);
  await rename(unfinished, join(folder, name));
}

async function readJson<T>(path: string, shape: z.ZodType<T>): Promise<T> {
  const text = Buffer.from(await readBounded(path, MAX_JSON_BYTES)).toString('utf8');
  try {
    return shape.parse(JSON.parse(text));
  } catch (error) {
    throw unusable(path, 'it is not what it should be.', undefined, error);
  }
}

function tensorsOf(connector: Connector): ReadonlyMap<string, Tensor> {
  const { map } = connector;
  const floats = (values: Float64Array, shape: readonly number[]): Tensor => ({
    shape,
    values: Float32Array.from(values),
  });
  const whole = (values: readonly number[]): Tensor => ({ shape: [values.length], values: Int32Array.from(values) });
  const tensors = new Map<string, Tensor>([
    ['inputMean', floats(map.inputMean, [map.inputMean.length])],
    ['targetMean', floats(map.targetMean, [map.targetMean.length])],
    ['weights', floats(map.weights.values, [map.weights.rows, map.weights.columns])],
  ]);
  if (connector.kind === 'mixture') tensors.set('candidates', whole(connector.candidates));
  if (connector.kind === 'classify') {
    tensors.set('unitLengths', whole(connector.units.map(({ length }) => length)));
    tensors.set('unitTokens', whole(connector.units.flat()));
  }
  return tensors;
}

function connectorOf({ shape }: ConnectorFile, tensors: ReadonlyMap<string, Tensor>, name: string): Connector {
  const map = mapOf(tensors, name);
  const whole = (tensor: string) => [...(tensors.get(tensor)?.values ?? [])];
  if (shape.kind === 'regress') return { ...shape, map };
  if (shape.kind === 'mixture') {
    const candidates = whole('candidates');
    if (candidates.length === 0 || candidates.some((one) => one < 0)) throw unusable(name, 'it has no candidates.');
    return { ...shape, map, candidates };
  }
  if (shape.features && shape.features.count !== map.weights.rows)
    throw unusable(name, 'its features do not fit its weights.');
  const tokens = whole('unitTokens');
  const lengths = whole('unitLengths');
  if (lengths.some((one) => one < 1) || lengths.reduce((sum, one) => sum + one, 0) !== tokens.length)
    throw unusable(name, 'its units do not fit.');
  let at = 0;
  const units = lengths.map((length) => {
    at += length;
    return tokens.slice(at - length, at);
  });
  return { ...shape, map, units };
}

function mapOf(tensors: ReadonlyMap<string, Tensor>, name: string): LinearMap {
  const [inputMean, targetMean, weights] = ['inputMean', 'targetMean', 'weights'].map((one) => tensors.get(one));
  const [rows = 0, columns = 0] = weights?.shape ?? [];
  if (
    !inputMean ||
    !targetMean ||
    weights?.shape.length !== 2 ||
    inputMean.values.length !== rows ||
    targetMean.values.length !== columns
  )
    throw unusable(name, 'its weights do not fit together.');
  if ([inputMean, targetMean, weights].some(({ values }) => values.some((value) => !Number.isFinite(value))))
    throw unusable(name, 'a weight is not finite.');
  return {
    inputMean: Float64Array.from(inputMean.values),
    targetMean: Float64Array.from(targetMean.values),
    weights: { rows, columns, values: Float64Array.from(weights.values) },
  };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
