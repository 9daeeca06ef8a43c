import { availableParallelism } from 'node:os';
import { SensoriumError } from '#contract/error.ts';
import type { Batch, LlamaApi } from './api.ts';
import { firstFields, llamaApi } from './api.ts';
import { inThread, type Koffi, loadKoffi } from './koffi.ts';
import { type Libraries, openLibraries } from './library.ts';
import { engineUnusable } from './refusals.ts';

/** A model and its context, as the C library has them. */
export interface LoadedModel {
  readonly koffi: Koffi;
  readonly libraries: Libraries;
  readonly api: LlamaApi;
  readonly vocab: bigint;
  readonly context: bigint;
  readonly memory: bigint;
  readonly vocabulary: number;
  /** Numbers in a row of its input, `n_embd_inp`: wider than a token's own row where a model takes features for deeper layers. */
  readonly width: number;
  readonly tokenWidth: number;
  readonly contextTokens: number;
  /** Positions handed over at once. */
  readonly batchTokens: number;
  /** Numbers that say where a row stands: four where a picture has height, width and time (M-RoPE). */
  readonly positionStreams: number;
  readonly tokenBatch: Batch;
  readonly vectorBatch: Batch;
}

export interface ModelOptions {
  readonly path: string;
  readonly contextTokens: number;
  readonly threads: number;
}

/**
 * Positions handed over at once. More gain nothing on a processor (see the decision record), and each that wants logits needs
 * room for the whole vocabulary.
 */
const BATCH_TOKENS = 64;
/** `LLAMA_ROPE_TYPE_MROPE` and `LLAMA_ROPE_TYPE_IMROPE`. */
const FOUR_STREAMS = new Set([8, 40]);
const CONTEXT_STEP = 256;

/** Loads a model and confirms that what was asked for is what came. Throws `inject.engine-unusable` or `ask.model-unusable`. */
export async function loadModel({ path, contextTokens, threads }: ModelOptions): Promise<LoadedModel> {
  const koffi = await loadKoffi();
  const libraries = await openLibraries(koffi);
  const api = llamaApi(libraries);
  const model = (await inThread(api.loadModel, path, api.modelDefaults())) as bigint | null;
  if (model === null) throw unloadable('llama.cpp cannot load it');
  if (api.llama_model_has_encoder(model) === true) throw unloadable('it is no model that only continues a text');
  const trained = Number(api.llama_model_n_ctx_train(model));
  const wished = Math.ceil(Math.min(contextTokens, trained) / CONTEXT_STEP) * CONTEXT_STEP;
  const params = api.contextDefaults();
  firstFields(params).set([wished, BATCH_TOKENS, BATCH_TOKENS]);
  const context = (await inThread(api.newContext, model, params)) as bigint | null;
  if (context === null) throw unloadable(`there is no memory for a context of ${wished} tokens`);
  const found = [api.llama_n_ctx, api.llama_n_batch, api.llama_n_ubatch].map((read) => Number(read(context)));
  if (found.join() !== [wished, BATCH_TOKENS, BATCH_TOKENS].join()) {
    throw engineUnusable('EMB_ENGINE_ABI', `A context of ${wished} tokens was asked for and ${found.join(', ')} came.`);
  }
  // Threads spin while they wait for each other: one that shares its core holds up all, so a core is left to the rest.
  const used = Math.max(1, Math.min(threads, availableParallelism() - 1));
  api.llama_set_n_threads(context, used, used);
  const vocab = api.llama_model_get_vocab(model) as bigint;
  const width = Number(api.llama_model_n_embd_inp(model));
  const positionStreams = FOUR_STREAMS.has(Number(api.llama_model_rope_type(model))) ? 4 : 1;
  return {
    ...{ koffi, libraries, api, vocab, context, width, positionStreams },
    memory: api.llama_get_memory(context) as bigint,
    vocabulary: Number(api.llama_vocab_n_tokens(vocab)),
    tokenWidth: Number(api.llama_model_n_embd(model)),
    contextTokens: Math.min(wished, contextTokens, trained),
    batchTokens: BATCH_TOKENS,
    tokenBatch: api.newBatch(BATCH_TOKENS * positionStreams, 0),
    vectorBatch: api.newBatch(BATCH_TOKENS * positionStreams, width),
  };
}

function unloadable(why: string): SensoriumError {
  return new SensoriumError('ask.model-unusable', `The model cannot be used: ${why}.`, {
    hint: 'Is it a whole GGUF language model, and is there memory for it? sensorium doctor tells.',
  });
}
