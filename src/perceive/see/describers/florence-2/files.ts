import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SensoriumError } from '#contract/error.ts';

/** The four graphs of a Florence-2, as its ONNX releases name them. */
const GRAPHS = ['vision_encoder', 'embed_tokens', 'encoder_model', 'decoder_model_merged'] as const;
const SETTINGS = ['config.json', 'preprocessor_config.json', 'tokenizer.json', 'tokenizer_config.json'] as const;
/** What a graph's name ends with for each kind of weights (transformers.js names them so), the most exact first. */
const WEIGHTS = [
  ['fp32', ''],
  ['q8', '_quantized'],
  ['int8', '_int8'],
  ['uint8', '_uint8'],
  ['q4', '_q4'],
  ['bnb4', '_bnb4'],
  ['fp16', '_fp16'],
  ['q4f16', '_q4f16'],
] as const;

export type Weights = (typeof WEIGHTS)[number][0];
export type GraphWeights = Readonly<Record<(typeof GRAPHS)[number], Weights>>;

const HINT =
  'Get onnx-community/Florence-2-base-ft or -large-ft from a hub: four graphs in onnx/ beside config.json, preprocessor_config.json, tokenizer.json and tokenizer_config.json.';

/**
 * Which weights of each graph a folder holds: the most exact ones, whole numbers before half precision, which processors do not compute
 * with. Throws `see.unknown-engine` when a file is missing or the folder is another model's.
 */
export async function florenceFiles(folder: string): Promise<GraphWeights> {
  const names = new Set(await readdir(folder).catch(() => []));
  const graphs = new Set(await readdir(join(folder, 'onnx')).catch(() => []));
  const chosen = GRAPHS.map((graph) => [graph, WEIGHTS.find(([, end]) => graphs.has(`${graph}${end}.onnx`))?.[0]]);
  const missing = [
    ...SETTINGS.filter((name) => !names.has(name)),
    ...chosen.flatMap(([graph, weights]) => (weights === undefined ? [`onnx/${graph}.onnx`] : [])),
  ];
  if (missing.length > 0) throw unusable(folder, `${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing`);
  if ((await modelType(join(folder, 'config.json'))) !== 'florence2') {
    throw unusable(folder, 'config.json is of another kind of model');
  }
  return Object.fromEntries(chosen) as GraphWeights;
}

async function modelType(path: string): Promise<unknown> {
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as { model_type?: unknown } | null)?.model_type;
  } catch {
    return undefined;
  }
}

function unusable(folder: string, why: string): SensoriumError {
  return new SensoriumError('see.unknown-engine', `There is no Florence-2 in ${folder}: ${why}.`, { hint: HINT });
}
