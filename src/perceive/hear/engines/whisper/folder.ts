import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SensoriumError } from '#contract/error.ts';

/** Ids of the tokens that are no text. Timestamps follow `noTimestamps`: 0.00 s, 0.02 s, … */
export interface SpecialTokens {
  readonly start: number;
  readonly end: number;
  readonly transcribe: number;
  readonly previous: number;
  readonly noSpeech: number;
  readonly noTimestamps: number;
  /** Language tokens by Whisper's code for the language; empty in a model that knows only English. */
  readonly languages: ReadonlyMap<string, number>;
}

/** What a model's folder says of it. */
export interface WhisperFolder {
  readonly encoder: string;
  readonly decoder: string;
  readonly tokenizer: string;
  readonly bands: number;
  readonly layers: number;
  readonly heads: number;
  readonly headWidth: number;
  /** Frames of the encoder for 30 s, and places for tokens. */
  readonly frames: number;
  readonly positions: number;
  readonly tokens: SpecialTokens;
  readonly suppressed: readonly number[];
  readonly suppressedFirst: readonly number[];
  /** The latest first timestamp, in steps of 20 ms. */
  readonly latestStart: number;
  /** Cross-attention heads that follow the speaker, as [layer, head]; empty when the folder does not say. */
  readonly followingHeads: readonly (readonly [number, number])[];
}

/** Variants of a file in the order they are wanted: the smallest that is exact enough first. */
const VARIANTS = ['_quantized', '_int8', '_uint8', ''];
/** How much of a graph's file is looked through for the name of an output: graphs come before or after the weights. */
const LOOK_BYTES = 8 * 2 ** 20;

interface Config {
  readonly num_mel_bins: number;
  readonly d_model: number;
  readonly decoder_layers: number;
  readonly decoder_attention_heads: number;
  readonly max_source_positions: number;
  readonly max_target_positions: number;
}

interface GenerationConfig {
  readonly decoder_start_token_id: number;
  readonly eos_token_id: number | readonly number[];
  readonly no_timestamps_token_id: number;
  readonly prev_sot_token_id?: number | undefined;
  readonly task_to_id?: Readonly<Record<string, number>> | undefined;
  readonly lang_to_id?: Readonly<Record<string, number>> | undefined;
  readonly suppress_tokens?: readonly number[] | null | undefined;
  readonly begin_suppress_tokens?: readonly number[] | null | undefined;
  readonly max_initial_timestamp_index?: number | undefined;
  readonly alignment_heads?: readonly (readonly [number, number])[] | undefined;
}

/** Reads a folder in the Hugging Face layout. Throws `hear.model-unusable` when there is no Whisper model in it. */
export async function readFolder(modelDir: string): Promise<WhisperFolder> {
  const config = await readJson<Config>(modelDir, 'config.json');
  const generation = await readJson<GenerationConfig>(modelDir, 'generation_config.json');
  const tokenizer = join(modelDir, 'tokenizer.json');
  if (!existsSync(tokenizer)) throw notWhisper(modelDir, 'it has no tokenizer.json');
  const wanted = [
    config.num_mel_bins,
    config.d_model,
    config.decoder_layers,
    config.decoder_attention_heads,
    config.max_source_positions,
    config.max_target_positions,
    generation.decoder_start_token_id,
    generation.no_timestamps_token_id,
  ];
  if (!wanted.every(Number.isSafeInteger)) throw notWhisper(modelDir, 'its configuration is of another kind of model');
  const end = [generation.eos_token_id].flat()[0] ?? generation.decoder_start_token_id - 1;
  const noTimestamps = generation.no_timestamps_token_id;
  const languages = Object.entries(generation.lang_to_id ?? {});
  return {
    encoder: fileOf(modelDir, 'encoder_model'),
    decoder: fileOf(modelDir, 'decoder_model_merged'),
    tokenizer,
    bands: config.num_mel_bins,
    layers: config.decoder_layers,
    heads: config.decoder_attention_heads,
    headWidth: config.d_model / config.decoder_attention_heads,
    frames: config.max_source_positions,
    positions: config.max_target_positions,
    tokens: {
      start: generation.decoder_start_token_id,
      end,
      // The last six before the timestamps stand in this order in every Whisper vocabulary (openai/whisper, tokenizer.py).
      transcribe: generation.task_to_id?.transcribe ?? noTimestamps - 4,
      previous: generation.prev_sot_token_id ?? noTimestamps - 2,
      noSpeech: noTimestamps - 1,
      noTimestamps,
      languages: new Map(languages.map(([token, id]) => [token.replaceAll(/[<|>]/g, ''), id])),
    },
    suppressed: generation.suppress_tokens ?? [],
    suppressedFirst: generation.begin_suppress_tokens ?? [],
    latestStart: generation.max_initial_timestamp_index ?? 50,
    followingHeads: generation.alignment_heads ?? [],
  };
}

/** Whether a decoder hands out its cross-attention, by its file: a look, without loading it. */
export async function handsOutAttention(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    for (const from of [0, Math.max(0, size - LOOK_BYTES)]) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, LOOK_BYTES)), { position: from });
      if (buffer.subarray(0, bytesRead).includes('cross_attentions.0')) return true;
    }
    return false;
  } finally {
    await file.close();
  }
}

async function readJson<T>(modelDir: string, file: string): Promise<T> {
  try {
    return JSON.parse(await readFile(join(modelDir, file), 'utf8')) as T;
  } catch (cause) {
    throw notWhisper(modelDir, `its ${file} cannot be read`, cause);
  }
}

function fileOf(modelDir: string, name: string): string {
  const path = VARIANTS.map((variant) => join(modelDir, 'onnx', `${name}${variant}.onnx`)).find(existsSync);
  if (path) return path;
  throw notWhisper(modelDir, `it has no onnx/${name}.onnx, also not ${VARIANTS.filter(Boolean).join(', ')}`);
}

function notWhisper(modelDir: string, why: string, cause?: unknown): SensoriumError {
  return new SensoriumError('hear.model-unusable', `There is no Whisper model in ${modelDir}: ${why}.`, {
    hint: 'It must be a folder as the Hugging Face hub has them, such as onnx-community/whisper-base: config.json, generation_config.json, tokenizer.json and onnx/.',
    cause,
  });
}
