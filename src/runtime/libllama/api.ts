import type { CFunction, CType } from './koffi.ts';
import type { Libraries } from './library.ts';
import { engineUnusable } from './refusals.ts';

/** What of llama.cpp's C API is used, by its own names (ggml-org/llama.cpp, `include/llama.h` at v0.5.0). */
const LLAMA = {
  llama_version: ['str', []],
  llama_model_free: ['void', ['void *']],
  llama_free: ['void', ['void *']],
  llama_model_get_vocab: ['void *', ['void *']],
  llama_model_n_embd: ['int32_t', ['void *']],
  llama_model_n_embd_inp: ['int32_t', ['void *']],
  llama_model_n_ctx_train: ['int32_t', ['void *']],
  llama_model_rope_type: ['int32_t', ['void *']],
  llama_model_has_encoder: ['bool', ['void *']],
  llama_vocab_n_tokens: ['int32_t', ['void *']],
  llama_vocab_bos: ['int32_t', ['void *']],
  llama_vocab_eos: ['int32_t', ['void *']],
  llama_vocab_get_add_bos: ['bool', ['void *']],
  llama_vocab_is_eog: ['bool', ['void *', 'int32_t']],
  llama_tokenize: ['int32_t', ['void *', 'void *', 'int32_t', 'void *', 'int32_t', 'bool', 'bool']],
  llama_token_to_piece: ['int32_t', ['void *', 'int32_t', 'void *', 'int32_t', 'int32_t', 'bool']],
  llama_n_ctx: ['uint32_t', ['void *']],
  llama_n_batch: ['uint32_t', ['void *']],
  llama_n_ubatch: ['uint32_t', ['void *']],
  llama_set_n_threads: ['void', ['void *', 'int32_t', 'int32_t']],
  llama_n_threads: ['int32_t', ['void *']],
  llama_set_abort_callback: ['void', ['void *', 'void *', 'void *']],
  llama_get_memory: ['void *', ['void *']],
  llama_memory_clear: ['void', ['void *', 'bool']],
  llama_memory_seq_rm: ['bool', ['void *', 'int32_t', 'int32_t', 'int32_t']],
  llama_get_logits_ith: ['void *', ['void *', 'int32_t']],
} as const satisfies Record<string, readonly [CType, readonly CType[]]>;

/** `llama_batch` as its own maker hands it out; pointers are big integers, or `null`. */
export interface Batch {
  readonly n_tokens: number;
  readonly token: bigint | null;
  readonly embd: bigint | null;
  readonly pos: bigint | null;
  readonly n_seq_id: bigint | null;
  readonly seq_id: bigint | null;
  readonly logits: bigint | null;
}

/** A parameter struct of which only the size and the first fields matter. */
export interface Block {
  readonly bytes: Uint8Array;
  readonly aligned: unknown;
}

export type LlamaApi = Readonly<Record<keyof typeof LLAMA, CFunction>> & {
  readonly version: string;
  readonly modelDefaults: () => Block;
  readonly contextDefaults: () => Block;
  readonly loadModel: CFunction;
  readonly newContext: CFunction;
  readonly newBatch: (tokens: number, width: number) => Batch;
  readonly decode: CFunction;
};

/** Versions of llama.cpp of which the few layouts used here were tried. */
const TRIED = /^0\.5\./;
/** Both parameter structs are smaller (72 and 168 bytes in v0.5.0): the library reads and writes no more than its own size. */
const BLOCK_BYTES = 512;
/** `n_ctx`, `n_batch` and `n_ubatch` as `llama_context_default_params` gives them. */
const CONTEXT_STARTS = [512, 2048, 512];

/**
 * Finds the functions and checks what can be checked before a model is loaded: the version, that the context's parameters begin as
 * they should, and that a batch for tokens and one for vectors have their pointers where they belong. Throws `inject.engine-unusable`.
 */
export function llamaApi({ koffi, llama }: Libraries): LlamaApi {
  const block = koffi.struct({ bytes: koffi.array('uint8_t', BLOCK_BYTES, 'Typed'), aligned: 'uint64_t' });
  const pointer = 'void *';
  const batch = koffi.struct({
    ...{ n_tokens: 'int32_t', token: pointer, embd: pointer, pos: pointer },
    ...{ n_seq_id: pointer, seq_id: pointer, logits: pointer },
  });
  const find = (name: string, result: CType, parameters: readonly CType[]) => {
    try {
      return llama.func(name, result, parameters);
    } catch (error) {
      throw engineUnusable('EMB_ENGINE_ABI', `This build of llama.cpp has no ${name}.`, { cause: error });
    }
  };
  const plain = Object.fromEntries(
    Object.entries(LLAMA).map(([name, [result, parameters]]) => [name, find(name, result, parameters)]),
  ) as Readonly<Record<keyof typeof LLAMA, CFunction>>;
  const api: LlamaApi = {
    ...plain,
    version: String(plain.llama_version()),
    modelDefaults: find('llama_model_default_params', block, []) as () => Block,
    contextDefaults: find('llama_context_default_params', block, []) as () => Block,
    loadModel: find('llama_model_load_from_file', pointer, ['str', block]),
    newContext: find('llama_init_from_model', pointer, [pointer, block]),
    newBatch: (tokens, width) =>
      find('llama_batch_init', batch, ['int32_t', 'int32_t', 'int32_t'])(tokens, width, 1) as Batch,
    decode: find('llama_decode', 'int32_t', [pointer, batch]),
  };
  mustBeAsTried(api);
  return api;
}

function mustBeAsTried(api: LlamaApi): void {
  const { version } = api;
  if (!TRIED.test(version)) {
    throw engineUnusable('EMB_ENGINE_ABI', `This is llama.cpp ${version}; vectors were tried with 0.5.`, {
      details: { version },
    });
  }
  const starts = firstFields(api.contextDefaults());
  if (CONTEXT_STARTS.some((value, at) => starts[at] !== value)) {
    const found = [...starts].join(', ');
    throw engineUnusable('EMB_ENGINE_ABI', `A context’s parameters begin with ${found} here, not as they were tried.`);
  }
  mustHavePointers(api.newBatch(1, 0), 'token');
  mustHavePointers(api.newBatch(1, 1), 'embd');
}

/** Throws `inject.engine-unusable` unless a batch has what one for tokens, or one for vectors, has. */
function mustHavePointers(batch: Batch, kind: 'token' | 'embd'): void {
  const { token, embd, pos, n_seq_id, seq_id, logits } = batch;
  const right = kind === 'token' ? token !== null && embd === null : token === null && embd !== null;
  const whole = [pos, n_seq_id, seq_id, logits].every((one) => one !== null);
  if (!right || !whole || batch.n_tokens !== 0) {
    throw engineUnusable('EMB_ENGINE_ABI', 'A batch has its pointers elsewhere than as it was tried.');
  }
}

/** The first fields of a context's parameters, to be read and written: `n_ctx`, `n_batch`, `n_ubatch`. */
export function firstFields({ bytes }: Block): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, CONTEXT_STARTS.length);
}
