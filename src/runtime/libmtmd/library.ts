import { createRequire } from 'node:module';
import type { KoffiFunc } from 'koffi';
import { SensoriumError } from '#contract/error.ts';
import { loadOptional } from '../optional.ts';

/** An address in the library's memory. */
type Pointer = bigint;

/** A parameter struct as a block: what it holds differs between versions, so only what is known of its beginning is touched. */
interface Block {
  readonly bytes: BigUint64Array;
}

/** A prompt; `length` is in bytes. */
export interface InputText {
  readonly text: string;
  readonly length: number;
  readonly add_special: boolean;
  readonly parse_special: boolean;
}

/** Larger than any of the library's parameter structs: they are passed in memory, and it reads only what it knows. */
const BLOCK_WORDS = 32;

/** What of llama.cpp's and libmtmd's C API is used here. */
export interface Library {
  readonly llama_backend_init: () => void;
  readonly llama_model_default_params: () => Block;
  readonly llama_model_load_from_file: (path: string, params: Block) => Pointer | null;
  readonly llama_model_free: (model: Pointer) => void;
  readonly llama_model_n_embd: (model: Pointer) => number;
  readonly llama_model_n_embd_inp: (model: Pointer) => number;
  readonly llama_log_set: (callback: unknown, data: null) => void;
  readonly mtmd_log_set: (callback: unknown, data: null) => void;
  readonly mtmd_default_marker: () => string;
  readonly mtmd_context_params_default: () => Block;
  readonly mtmd_init_from_file: (projector: string, model: Pointer, params: Block) => Pointer | null;
  readonly mtmd_free: (context: Pointer) => void;
  readonly mtmd_support_vision: (context: Pointer) => boolean;
  readonly mtmd_support_audio: (context: Pointer) => boolean;
  readonly mtmd_get_audio_sample_rate: (context: Pointer) => number;
  readonly mtmd_decode_use_mrope: (context: Pointer) => boolean;
  readonly mtmd_decode_use_non_causal: (context: Pointer, chunk: Pointer) => boolean;
  readonly mtmd_bitmap_init: (width: number, height: number, rgb: Uint8Array) => Pointer;
  readonly mtmd_bitmap_init_from_audio: (count: number, samples: Float32Array) => Pointer;
  readonly mtmd_bitmap_free: (bitmap: Pointer) => void;
  readonly mtmd_input_chunks_init: () => Pointer;
  readonly mtmd_input_chunks_size: (chunks: Pointer) => number | bigint;
  readonly mtmd_input_chunks_get: (chunks: Pointer, at: number) => Pointer;
  readonly mtmd_input_chunks_free: (chunks: Pointer) => void;
  readonly mtmd_tokenize: (
    context: Pointer,
    chunks: Pointer,
    text: InputText,
    bitmaps: readonly Pointer[],
    count: number,
  ) => number;
  readonly mtmd_input_chunk_get_type: (chunk: Pointer) => number;
  readonly mtmd_input_chunk_get_n_tokens: (chunk: Pointer) => number | bigint;
  readonly mtmd_input_chunk_get_tokens_text: (chunk: Pointer, count: BigUint64Array) => Pointer | null;
  readonly mtmd_encode_chunk: (context: Pointer, chunk: Pointer) => number;
  readonly mtmd_get_output_embd: (context: Pointer) => Pointer | null;
}

const DECLARATIONS = [
  'void llama_backend_init()',
  'Block llama_model_default_params()',
  'void *llama_model_load_from_file(const char *path, Block params)',
  'void llama_model_free(void *model)',
  'int llama_model_n_embd(void *model)',
  'int llama_model_n_embd_inp(void *model)',
  'void llama_log_set(LogCallback *callback, void *data)',
  'void mtmd_log_set(LogCallback *callback, void *data)',
  'const char *mtmd_default_marker()',
  'Block mtmd_context_params_default()',
  'void *mtmd_init_from_file(const char *projector, void *model, Block params)',
  'void mtmd_free(void *context)',
  'bool mtmd_support_vision(void *context)',
  'bool mtmd_support_audio(void *context)',
  'int mtmd_get_audio_sample_rate(void *context)',
  'bool mtmd_decode_use_mrope(void *context)',
  'bool mtmd_decode_use_non_causal(void *context, void *chunk)',
  'void *mtmd_bitmap_init(uint32_t width, uint32_t height, const uint8_t *rgb)',
  'void *mtmd_bitmap_init_from_audio(size_t count, const float *samples)',
  'void mtmd_bitmap_free(void *bitmap)',
  'void *mtmd_input_chunks_init()',
  'size_t mtmd_input_chunks_size(void *chunks)',
  'void *mtmd_input_chunks_get(void *chunks, size_t at)',
  'void mtmd_input_chunks_free(void *chunks)',
  'int mtmd_tokenize(void *context, void *chunks, const InputText *text, void **bitmaps, size_t count)',
  'int mtmd_input_chunk_get_type(void *chunk)',
  'size_t mtmd_input_chunk_get_n_tokens(void *chunk)',
  'void *mtmd_input_chunk_get_tokens_text(void *chunk, _Out_ size_t *count)',
  'int mtmd_encode_chunk(void *context, void *chunk)',
  'void *mtmd_get_output_embd(void *context)',
] as const;

export interface OpenedLibrary {
  readonly api: Library;
  floats(at: Pointer, count: number): Float32Array;
  tokens(at: Pointer, count: number): number[];
  /** Hears what the library would write to the error stream. */
  listen(hear: (level: number, text: string | null) => void): void;
}

const PACKAGE = '@fugood/llama.node';

/**
 * Opens libmtmd: @fugood/llama.node's addon for this machine exports the whole C API of llama.cpp and libmtmd, which its JavaScript
 * does not. Only worker processes should: it ends the process over much that is broken. Throws `runtime.package-missing`, and
 * `inject.engine-unusable` where the library is another version than this one knows.
 */
export async function openLibmtmd(): Promise<OpenedLibrary> {
  const koffi = await loadOptional('koffi', async () => (await import('koffi')).default);
  const path = addonPath();
  const library = koffi.load(path);
  koffi.struct('Block', { bytes: koffi.array('uint64_t', BLOCK_WORDS) });
  koffi.struct('InputText', { text: 'const char *', length: 'size_t', add_special: 'bool', parse_special: 'bool' });
  const logCallback = koffi.proto('void LogCallback(int level, const char *text, void *data)');
  const api: Record<string, KoffiFunc<(...given: unknown[]) => unknown>> = {};
  for (const declaration of DECLARATIONS) {
    const name = /(\w+)\(/.exec(declaration)?.[1] ?? '';
    try {
      api[name] = library.func(declaration);
    } catch (error) {
      throw unknownVersion(`it has no ${name}`, error);
    }
  }
  // Each name of the interface is in the list above; calling through it is what the tests do.
  const typed = api as unknown as Library;
  mustBeKnown(typed, (at) => koffi.decode(at, 'char', -1) as string);
  return {
    api: typed,
    floats: (at, count) => Float32Array.from(koffi.decode(at, koffi.array('float', count)) as Float32Array),
    tokens: (at, count) => [...(koffi.decode(at, koffi.array('int32_t', count)) as Int32Array)],
    listen: (hear) => {
      const callback = koffi.register(hear, koffi.pointer(logCallback));
      typed.llama_log_set(callback, null);
      typed.mtmd_log_set(callback, null);
    },
  };
}

/**
 * Checks that the struct begins as it is known to: two flags that are on, four threads, and 16 bytes in the mark for media, as
 * seen in version 1.7.15 by what `mtmd_context_params_default` writes.
 */
function mustBeKnown(api: Library, text: (at: Pointer) => string): void {
  const { bytes } = api.mtmd_context_params_default();
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const isKnown =
    view.getUint8(0) === 1 &&
    view.getUint8(1) === 1 &&
    view.getInt32(4, true) === 4 &&
    view.getBigUint64(16, true) !== 0n &&
    text(view.getBigUint64(16, true)) === api.mtmd_default_marker();
  if (!isKnown) throw unknownVersion('its settings are laid out in another way');
}

/** The settings for a projector: on the processor, silent, with so many threads. The rest is the library's own. */
export function projectorSettings(api: Library, threads: number): Block {
  const block = api.mtmd_context_params_default();
  const view = new DataView(block.bytes.buffer, block.bytes.byteOffset);
  view.setUint8(0, 0);
  view.setUint8(1, 0);
  view.setInt32(4, threads, true);
  return block;
}

function addonPath(): string {
  const name = `@fugood/node-llama-${process.platform}-${process.arch}/index.node`;
  const here = createRequire(import.meta.url);
  for (const from of [here, besidePackage(here)]) {
    try {
      return from.resolve(name);
    } catch {
      // Perhaps it lies beside the package that wants it.
    }
  }
  throw new SensoriumError(
    'runtime.package-missing',
    `${PACKAGE} has no build for ${process.platform} on ${process.arch} here.`,
    {
      hint: `Install it again without leaving out its optional packages: npm install ${PACKAGE} --include=optional`,
      details: { package: PACKAGE },
    },
  );
}

function besidePackage(here: NodeJS.Require): NodeJS.Require {
  try {
    return createRequire(here.resolve(PACKAGE));
  } catch {
    return here;
  }
}

/** A library whose structs are not those known here. */
export function unknownVersion(why: string, cause?: unknown): SensoriumError {
  return new SensoriumError(
    'inject.engine-unusable',
    `This version of ${PACKAGE} cannot be used for projectors: ${why}.`,
    {
      hint: `Install the version that was tried: npm install ${PACKAGE}@1.7.15`,
      cause,
    },
  );
}
