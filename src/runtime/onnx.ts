import { loadOptional } from './optional.ts';

/**
 * onnxruntime for Node, loaded when first needed. Only worker processes should run its sessions: `run` blocks. Its
 * telemetry, which reports each session to its makers unless told otherwise (microsoft/onnxruntime#27379), stays off.
 */
export function loadOnnx(): Promise<typeof import('onnxruntime-node')> {
  return loadOptional('onnxruntime-node', () => {
    // It is read when the library is loaded, and holds for the life of the process.
    // biome-ignore lint/style/noProcessEnv: the library has no other switch
    process.env.ORT_DISABLE_TELEMETRY = '1';
    return import('onnxruntime-node');
  });
}
