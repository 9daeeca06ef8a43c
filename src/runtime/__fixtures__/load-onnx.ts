import { loadOnnx } from '../onnx.ts';

// Loads the library as a worker does, and lets it try to read a model that is none.
const { InferenceSession } = await loadOnnx();
await InferenceSession.create(new Uint8Array([1, 2, 3])).catch(() => {});
