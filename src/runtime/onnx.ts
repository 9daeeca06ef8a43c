import { loadOptional } from './optional.ts';

/** onnxruntime for Node, loaded when first needed. Only worker processes should run its sessions: `run` blocks. */
export function loadOnnx(): Promise<typeof import('onnxruntime-node')> {
  return loadOptional('onnxruntime-node', () => import('onnxruntime-node'));
}
