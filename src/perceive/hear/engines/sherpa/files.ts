import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import { onnxMetadata } from './metadata.ts';

export type SherpaKind = 'sensevoice' | 'paraformer' | 'zipformer';

/** The files of a model, as the worker opens them. */
export type SherpaFiles =
  | { readonly kind: 'sensevoice' | 'paraformer'; readonly model: string; readonly tokens: string }
  | {
      readonly kind: 'zipformer';
      readonly encoder: string;
      readonly decoder: string;
      readonly joiner: string;
      readonly tokens: string;
    };

export interface SpeakerFiles {
  readonly segmentation: string;
  readonly embedding: string;
}

/** Official releases, by their names at github.com/k2-fsa/sherpa-onnx/releases, and what is in their folders. */
const RELEASES = {
  sensevoice: {
    name: 'SenseVoice',
    hint: 'Get sherpa-onnx-sense-voice-zh-en-ja-ko-yue-int8-2024-07-17 (release asr-models of k2-fsa/sherpa-onnx): its folder holds model.int8.onnx and tokens.txt.',
  },
  paraformer: {
    name: 'Paraformer',
    hint: 'Get sherpa-onnx-paraformer-zh-2023-09-14 (release asr-models of k2-fsa/sherpa-onnx): its folder holds model.int8.onnx and tokens.txt.',
  },
  zipformer: {
    name: 'streaming Zipformer',
    hint: 'Get sherpa-onnx-streaming-zipformer-bilingual-zh-en-2023-02-20 (release asr-models of k2-fsa/sherpa-onnx): its folder holds encoder-….onnx, decoder-….onnx, joiner-….onnx and tokens.txt.',
  },
  pyannote: {
    name: 'speaker diarisation',
    hint: 'Put two files into one folder: model.onnx of sherpa-onnx-pyannote-segmentation-3-0 (release speaker-segmentation-models of k2-fsa/sherpa-onnx) and 3dspeaker_speech_eres2net_base_sv_zh-cn_3dspeaker_16k.onnx (release speaker-recongition-models).',
  },
} as const;

/** What sherpa-onnx reads of each model's notes when it opens it: without one of them it ends the process. */
const NOTES = {
  sensevoice: [
    ...['vocab_size', 'lfr_window_size', 'lfr_window_shift', 'normalize_samples', 'with_itn', 'without_itn'],
    ...['lang_auto', 'lang_zh', 'lang_en', 'lang_ja', 'lang_ko', 'lang_yue', 'neg_mean', 'inv_stddev'],
  ],
  paraformer: ['vocab_size', 'lfr_window_size', 'lfr_window_shift', 'neg_mean', 'inv_stddev'],
  encoder: [
    ...['model_type', 'T', 'decode_chunk_len', 'encoder_dims', 'num_encoder_layers'],
    ...['cnn_module_kernels', 'left_context_len'],
  ],
  decoder: ['vocab_size', 'context_size'],
  joiner: [],
  segmentation: [
    ...['sample_rate', 'window_size', 'receptive_field_size', 'receptive_field_shift'],
    ...['num_speakers', 'powerset_max_classes', 'num_classes'],
  ],
  embedding: ['framework', 'output_dim', 'sample_rate', 'normalize_samples', 'language'],
} as const;

const ZIPFORMERS = ['zipformer', 'zipformer2'];
const VOICES = ['wespeaker', '3d-speaker'];
const RATE_HZ = '16000';
const TOKENS = 'tokens.txt';
/** SenseVoice's, the largest, has 25 055 lines. */
const MOST_TOKENS_BYTES = 16_000_000;

/**
 * Finds the files of a recogniser in its folder and makes sure that they are that kind's. Throws `hear.model-unusable`, which says
 * what is missing or foreign and what to get.
 */
export async function recogniserFiles(kind: SherpaKind, folder: string): Promise<SherpaFiles> {
  const names = await onnxFilesIn(kind, folder);
  const tokens = join(folder, TOKENS);
  if (kind === 'zipformer') {
    const parts = transducerIn(names);
    if (!parts) throw lacks(kind, folder, 'encoder….onnx, decoder….onnx and joiner….onnx with the same ending');
    const encoder = await checkedModel(kind, folder, parts.encoder, NOTES.encoder);
    const type = encoder.get('model_type') ?? '';
    if (!ZIPFORMERS.includes(type)) throw foreign(kind, folder, `${parts.encoder} is of the type ${quoted(type)}`);
    const decoder = await checkedModel(kind, folder, parts.decoder, NOTES.decoder);
    await checkedModel(kind, folder, parts.joiner, NOTES.joiner);
    await checkTokens(kind, folder, decoder);
    const at = (name: string) => join(folder, name);
    return { kind, encoder: at(parts.encoder), decoder: at(parts.decoder), joiner: at(parts.joiner), tokens };
  }
  const model = ['model.int8.onnx', 'model.onnx'].find((name) => names.includes(name));
  if (!model) throw lacks(kind, folder, 'model.int8.onnx or model.onnx');
  const notes = await checkedModel(kind, folder, model, NOTES[kind]);
  await checkTokens(kind, folder, notes);
  return { kind, model: join(folder, model), tokens };
}

/**
 * Finds the segmentation and the embedding among a folder's models: they are told apart by their notes, whatever their names. Throws
 * `hear.model-unusable`.
 */
export async function speakerFiles(folder: string): Promise<SpeakerFiles> {
  let segmentation: string | undefined;
  let embedding: string | undefined;
  for (const name of await onnxFilesIn('pyannote', folder)) {
    const notes = await onnxMetadata(join(folder, name)).catch(() => null);
    const has = (wanted: readonly string[]) =>
      notes?.get('sample_rate') === RATE_HZ && wanted.every((note) => notes.has(note));
    if (has(NOTES.segmentation)) segmentation ??= join(folder, name);
    if (has(NOTES.embedding) && VOICES.includes(notes?.get('framework') ?? '')) embedding ??= join(folder, name);
  }
  if (!segmentation) throw lacks('pyannote', folder, 'a pyannote segmentation model (model.onnx)');
  if (!embedding) throw lacks('pyannote', folder, 'a speaker embedding model (3dspeaker_….onnx or wespeaker_….onnx)');
  return { segmentation, embedding };
}

type AnyKind = keyof typeof RELEASES;

// Sorted, so that the same folder always gives the same model; of two, int8 stands first.
async function onnxFilesIn(kind: AnyKind, folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw unusable(kind, `${basename(folder)} is not a folder that can be read (${cause.code ?? 'unknown'}).`);
  });
  return names.filter((name) => name.endsWith('.onnx')).sort();
}

// The encoder and the joiner gain from 8 bits; the decoder is too small to, so its makers leave it at 32.
function transducerIn(names: readonly string[]): { encoder: string; decoder: string; joiner: string } | null {
  const pick = (stem: string, ending: string, endings: readonly string[]) =>
    endings.map((last) => `${stem}${ending}${last}`).find((name) => names.includes(name));
  for (const name of names) {
    const ending = /^encoder(.*?)(?:\.int8)?\.onnx$/.exec(name)?.[1];
    if (ending === undefined) continue;
    const encoder = pick('encoder', ending, ['.int8.onnx', '.onnx']);
    const decoder = pick('decoder', ending, ['.onnx', '.int8.onnx']);
    const joiner = pick('joiner', ending, ['.int8.onnx', '.onnx']);
    if (encoder && decoder && joiner) return { encoder, decoder, joiner };
  }
  return null;
}

async function checkedModel(
  kind: AnyKind,
  folder: string,
  name: string,
  wanted: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const notes = await onnxMetadata(join(folder, name)).catch(() => null);
  if (!notes) throw foreign(kind, folder, `${name} is no whole ONNX model`);
  const absent = wanted.filter((note) => !notes.has(note));
  if (absent.length > 0) throw foreign(kind, folder, `${name} does not tell its ${absent.slice(0, 3).join(', ')}`);
  return notes;
}

// Each line is a token and its number. A token without a line would end the process when it is heard.
async function checkTokens(kind: SherpaKind, folder: string, notes: ReadonlyMap<string, string>): Promise<void> {
  const path = join(folder, TOKENS);
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw lacks(kind, folder, TOKENS);
  if (found.size > MOST_TOKENS_BYTES) throw foreign(kind, folder, `${TOKENS} is too large to be a list of tokens`);
  const ids = new Set<number>();
  let hasEnd = false;
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    if (line.trim() === '') continue;
    const [, token, id] = /^\s*(?:(\S+)\s+)?(\d+)\s*$/.exec(line) ?? [];
    if (id === undefined) throw foreign(kind, folder, `${TOKENS} has a line that is no token and its number`);
    ids.add(Number(id));
    hasEnd ||= token === '</s>';
  }
  const size = Number(notes.get('vocab_size'));
  for (let id = 0; id < size; id += 1) {
    if (!ids.has(id)) throw foreign(kind, folder, `${TOKENS} lacks token ${id} of the model's ${size}`);
  }
  if (kind === 'paraformer' && !hasEnd) throw foreign(kind, folder, `${TOKENS} has no </s>`);
}

function lacks(kind: AnyKind, folder: string, what: string): SensoriumError {
  return unusable(kind, `${basename(folder)} lacks ${what}.`);
}

function foreign(kind: AnyKind, folder: string, why: string): SensoriumError {
  return unusable(kind, `${basename(folder)} holds no ${RELEASES[kind].name} model: ${why}.`);
}

function unusable(kind: AnyKind, message: string): SensoriumError {
  return new SensoriumError('hear.model-unusable', message, { hint: RELEASES[kind].hint, details: { kind } });
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
