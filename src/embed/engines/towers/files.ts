import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unusable } from '../folders.ts';
import type { TowerKind } from './kinds.ts';

const SETTINGS = ['config.json', 'preprocessor_config.json', 'tokenizer.json', 'tokenizer_config.json'] as const;
/** What a graph's name ends with for each kind of weights (transformers.js names them so), the most exact first. */
const WEIGHTS = [
  ['fp32', ''],
  ['fp16', '_fp16'],
  ['q8', '_quantized'],
  ['int8', '_int8'],
  ['uint8', '_uint8'],
  ['q4', '_q4'],
  ['q4f16', '_q4f16'],
] as const;

/** The size pictures are made to, in pixels, and whether what is beyond the middle square is cut off. */
export interface PictureShape {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly cropsToMiddle: boolean;
}

export interface TowerFiles {
  readonly weights: { readonly text: string; readonly media: string };
  /** Both graphs, with what they keep beside them. */
  readonly paths: readonly string[];
  readonly picture: PictureShape | null;
}

/**
 * Which weights of each graph a folder holds, the most exact ones, and how it wants its pictures. Throws `embed.model-unusable` when a file is
 * missing or the folder is another model's.
 */
export async function towerFiles(folder: string, kind: TowerKind): Promise<TowerFiles> {
  const names = new Set(await readdir(folder).catch(() => []));
  const graphs = new Set(await readdir(join(folder, 'onnx')).catch(() => []));
  const weightsOf = (graph: string) => WEIGHTS.find(([, end]) => graphs.has(`${graph}${end}.onnx`));
  const [text, media] = [weightsOf(kind.graphs.text), weightsOf(kind.graphs.media)];
  const missing = [
    ...SETTINGS.filter((name) => !names.has(name)),
    ...(text ? [] : [`onnx/${kind.graphs.text}.onnx`]),
    ...(media ? [] : [`onnx/${kind.graphs.media}.onnx`]),
  ];
  if (!text || !media || missing.length > 0) {
    throw unusable(folder, `${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing`, kind.hint);
  }
  const type = (await jsonIn(folder, 'config.json', kind)).model_type;
  if (!kind.modelTypes.includes(String(type))) {
    throw unusable(folder, `its config.json is of a model of the type ${JSON.stringify(type)}`, kind.hint);
  }
  const files = [
    [kind.graphs.text, text[1]],
    [kind.graphs.media, media[1]],
  ].map(([graph, end]) => `${graph}${end}.onnx`);
  const beside = files.map((name) => `${name}_data`).filter((name) => graphs.has(name));
  return {
    weights: { text: text[0], media: media[0] },
    paths: [...files, ...beside].map((name) => join(folder, 'onnx', name)),
    picture: kind.media === 'image' ? pictureShape(await jsonIn(folder, 'preprocessor_config.json', kind)) : null,
  };
}

/** What a folder’s config.json says it is. Throws `embed.model-unusable`. */
export async function modelTypeIn(folder: string): Promise<string> {
  return String((await jsonIn(folder, 'config.json')).model_type);
}

async function jsonIn(folder: string, name: string, kind?: TowerKind): Promise<Readonly<Record<string, unknown>>> {
  try {
    const read: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'));
    if (typeof read === 'object' && read !== null) return read as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw unusable(folder, `its ${name} cannot be read`, kind?.hint);
}

function pictureShape({ size, crop_size, do_center_crop }: Readonly<Record<string, unknown>>): PictureShape | null {
  const side = (of: unknown, name: string): number | null => {
    const value = typeof of === 'number' ? of : (of as Record<string, unknown> | null | undefined)?.[name];
    return typeof value === 'number' && value > 0 ? value : null;
  };
  const crops = do_center_crop === true;
  const of = crops ? crop_size : size;
  const [widthPx, heightPx] = [side(of, 'width'), side(of, 'height')];
  return widthPx && heightPx ? { widthPx, heightPx, cropsToMiddle: crops } : null;
}
