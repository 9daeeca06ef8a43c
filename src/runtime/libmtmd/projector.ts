import { SensoriumError } from '#contract/error.ts';
import type { Pixels } from '#contract/media.ts';
import { type InputText, type OpenedLibrary, openLibmtmd, projectorSettings, unknownVersion } from './library.ts';

/** A projector and the language model it was made for. */
export interface ProjectorFiles {
  readonly model: string;
  readonly projector: string;
  readonly threads: number;
}

/** What the projector found in its file. */
export interface ProjectorFacts {
  readonly width: number;
  readonly vision: boolean;
  readonly audio: boolean;
  /** 0 where it hears nothing. */
  readonly sampleRateHz: number;
}

export type Encodable = Pixels | { readonly samples: Float32Array };

/** A medium as the model is handed it: rows in its input space, and the tokens its maker puts around them. */
export type EncodedPiece = { readonly tokens: readonly number[] } | { readonly vectors: Float32Array };

export interface Projector {
  readonly facts: ProjectorFacts;
  encode(medium: Encodable): readonly EncodedPiece[];
  close(): void;
}

const TEXT_CHUNK = 0;
const LOUDEST_KEPT = 500;
const ERROR_LEVEL = 4;

/**
 * Opens a projector (mmproj) with the very model it was made for. Refused with the reason: another width, models that take more
 * than one row a position (DeepStack), that count positions in several streams (M-RoPE) or read a picture in both directions at
 * once: rows handed over as a prompt would not mean to them what they mean to the library. Throws `inject.component-unusable`.
 */
export async function openProjector({ model: modelPath, projector, threads }: ProjectorFiles): Promise<Projector> {
  const library = await openLibmtmd();
  const { api } = library;
  const said = listen(library);
  api.llama_backend_init();
  const model = api.llama_model_load_from_file(modelPath, api.llama_model_default_params());
  if (!model) throw refused(`the language model cannot be loaded${said()}`);
  const width = api.llama_model_n_embd_inp(model);
  const own = api.llama_model_n_embd(model);
  if (width !== own) {
    api.llama_model_free(model);
    throw refused(`the model takes ${width} numbers a row where its tokens have ${own} (DeepStack)`);
  }
  const context = api.mtmd_init_from_file(projector, model, projectorSettings(api, threads));
  if (!context) {
    api.llama_model_free(model);
    throw refused(`it is no projector for this model${said()}`);
  }
  const close = () => {
    api.mtmd_free(context);
    api.llama_model_free(model);
  };
  if (api.mtmd_decode_use_mrope(context)) {
    close();
    throw refused('the model counts the positions of a picture in several streams (M-RoPE)');
  }
  const facts = {
    width,
    vision: api.mtmd_support_vision(context),
    audio: api.mtmd_support_audio(context),
    sampleRateHz: Math.max(0, api.mtmd_get_audio_sample_rate(context)),
  };
  // A letter is a token or a few; with the struct laid out in another way it would be hundreds, or none.
  const letter = tokensOf(library, context, 'a').length;
  if (letter < 1 || letter > 4) {
    close();
    throw unknownVersion(`it made ${letter} tokens of a letter`);
  }
  // Some tokenizers put a space before a text even where there is none.
  const before = tokensOf(library, context, '');
  return { facts, encode: (medium) => encode(library, context, { width, before, medium }), close };
}

interface Task {
  readonly width: number;
  readonly before: readonly number[];
  readonly medium: Encodable;
}

function encode(library: OpenedLibrary, context: bigint, { width, before, medium }: Task): EncodedPiece[] {
  const { api } = library;
  const bitmap =
    'rgb' in medium
      ? api.mtmd_bitmap_init(medium.widthPx, medium.heightPx, mustBeWhole(medium))
      : api.mtmd_bitmap_init_from_audio(medium.samples.length, medium.samples);
  const chunks = api.mtmd_input_chunks_init();
  try {
    const failed = api.mtmd_tokenize(context, chunks, plain(api.mtmd_default_marker()), [bitmap], 1);
    if (failed) throw refused(`the library cannot take this medium (${failed})`);
    const pieces: EncodedPiece[] = [];
    for (let at = 0; at < Number(api.mtmd_input_chunks_size(chunks)); at++) {
      const chunk = api.mtmd_input_chunks_get(chunks, at);
      if (api.mtmd_input_chunk_get_type(chunk) === TEXT_CHUNK) {
        const tokens = tokensIn(library, chunk);
        const isPadded = at === 0 && before.length > 0 && before.every((token, place) => tokens[place] === token);
        pieces.push({ tokens: isPadded ? tokens.slice(before.length) : tokens });
        continue;
      }
      if (api.mtmd_decode_use_non_causal(context, chunk))
        throw refused('the model reads all of a picture at once, forwards and backwards');
      if (api.mtmd_encode_chunk(context, chunk) !== 0) throw refused('the library could not encode this medium');
      const rows = Number(api.mtmd_input_chunk_get_n_tokens(chunk));
      const out = api.mtmd_get_output_embd(context);
      if (!out) throw refused('the library gave no vectors');
      pieces.push({ vectors: library.floats(out, rows * width) });
    }
    return pieces.filter((piece) => !('tokens' in piece) || piece.tokens.length > 0);
  } finally {
    api.mtmd_input_chunks_free(chunks);
    api.mtmd_bitmap_free(bitmap);
  }
}

function tokensIn(library: OpenedLibrary, chunk: bigint): number[] {
  const count = new BigUint64Array(1);
  const at = library.api.mtmd_input_chunk_get_tokens_text(chunk, count);
  return at ? library.tokens(at, Number(count[0])) : [];
}

/** The tokens of a text without media. */
function tokensOf(library: OpenedLibrary, context: bigint, text: string): number[] {
  const { api } = library;
  const chunks = api.mtmd_input_chunks_init();
  try {
    if (api.mtmd_tokenize(context, chunks, plain(text), [], 0)) return [];
    return Number(api.mtmd_input_chunks_size(chunks)) === 0
      ? []
      : tokensIn(library, api.mtmd_input_chunks_get(chunks, 0));
  } finally {
    api.mtmd_input_chunks_free(chunks);
  }
}

function plain(text: string): InputText {
  return { text, length: Buffer.byteLength(text), add_special: false, parse_special: true };
}

function mustBeWhole({ widthPx, heightPx, rgb }: Pixels): Uint8Array {
  if (widthPx > 0 && heightPx > 0 && rgb.length === widthPx * heightPx * 3) return rgb;
  throw refused(`a picture of ${widthPx} × ${heightPx} has ${rgb.length} bytes`);
}

/** Keeps the last errors the library tells, which is the only way it says why it failed. */
function listen(library: OpenedLibrary): () => string {
  let kept = '';
  library.listen((level, text) => {
    if (level === ERROR_LEVEL && text) kept = (kept + text).slice(-LOUDEST_KEPT);
  });
  return () => (kept.trim() === '' ? '' : `: ${kept.trim().replace(/\s+/g, ' ')}`);
}

function refused(why: string): SensoriumError {
  return new SensoriumError('inject.component-unusable', `The projector cannot be used: ${why}.`, {
    hint: 'Take the model and the projector (mmproj) from the same place; where the model cannot take vectors, let it see and hear natively.',
  });
}
