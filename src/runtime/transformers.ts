import { loadOptional } from './optional.ts';

/**
 * transformers.js, loaded when first needed and kept from the network: it opens folders on this machine only and keeps no cache.
 * Only worker processes should run its models. It runs them with the onnxruntime that `onnx.ts` loads.
 */
export function loadTransformers(): Promise<typeof import('@huggingface/transformers')> {
  return loadOptional('@huggingface/transformers', async () => {
    // As in onnx.ts: it is read when the library is loaded.
    // biome-ignore lint/style/noProcessEnv: the library has no other switch
    process.env.ORT_DISABLE_TELEMETRY = '1';
    const library = await import('@huggingface/transformers');
    Object.assign(library.env, {
      allowRemoteModels: false,
      useFSCache: false,
      useBrowserCache: false,
      useWasmCache: false,
      fetch: noNetwork,
      logLevel: library.LogLevel.ERROR,
    });
    return library;
  });
}

function noNetwork(): never {
  throw new Error('A model asked for a file from the network.');
}
