import protobuf from 'protobufjs';
import { ModelProto, type OnnxModel } from './schema.ts';

/** Reads an ONNX model. Weights stay views into `bytes`; fields this code does not know are kept for writing. */
export function readModel(bytes: Uint8Array): OnnxModel {
  const reader = protobuf.Reader.create(bytes);
  reader.discardUnknown = false;
  const model = ModelProto.decode(reader) as unknown as OnnxModel;
  if (!model.graph) throw new Error('Not an ONNX model: it holds no graph.');
  return model;
}

/** The model as the bytes of an `.onnx` file. Read and written unchanged, the bytes are the same. */
export function writeModel(model: OnnxModel): Uint8Array {
  return ModelProto.encode(model as never).finish();
}
