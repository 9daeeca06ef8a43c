import type { Int64, OnnxTensor } from './schema.ts';

/** Element types of onnx.proto's TensorProto.DataType that models here use. */
export const DATA_TYPE = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 } as const;

/** A 64-bit integer as a number. */
export function toNumber(value: Int64): number {
  return typeof value === 'number' ? value : value.toNumber();
}

/** Sizes of a tensor's dimensions. */
export function shapeOf(tensor: OnnxTensor): number[] {
  return tensor.dims.map(toNumber);
}

/** The numbers of a float32, int8, uint8, int32 or int64 tensor in row-major order, wherever the file keeps them. */
export function numbersOf(tensor: OnnxTensor): Float32Array | Int8Array | Uint8Array | Int32Array | Float64Array {
  const raw = tensor.rawData ?? new Uint8Array();
  // Weights are views into the file at any offset; typed arrays want theirs aligned, so wider ones are copied first.
  // (A Buffer's own `slice` would not copy.)
  const aligned = () => new Uint8Array(raw).buffer;
  const isRaw = raw.length > 0;
  switch (tensor.dataType) {
    case DATA_TYPE.float32:
      return isRaw ? new Float32Array(aligned()) : Float32Array.from(tensor.floatData ?? []);
    case DATA_TYPE.uint8:
      return isRaw ? new Uint8Array(raw) : Uint8Array.from(tensor.int32Data ?? []);
    case DATA_TYPE.int8:
      return isRaw ? new Int8Array(aligned()) : Int8Array.from(tensor.int32Data ?? []);
    case DATA_TYPE.int32:
      return isRaw ? new Int32Array(aligned()) : Int32Array.from(tensor.int32Data ?? []);
    case DATA_TYPE.int64:
      return isRaw
        ? Float64Array.from(new BigInt64Array(aligned()), Number)
        : Float64Array.from(tensor.int64Data ?? [], toNumber);
    default:
      throw new Error(`Tensor ${tensor.name ?? ''} has data type ${tensor.dataType}, which is not read here.`);
  }
}

/** A float32 tensor. `values` must not change afterwards: they are not copied. */
export function floatTensor(name: string, dims: readonly number[], values: Float32Array): OnnxTensor {
  return {
    name,
    dims,
    dataType: DATA_TYPE.float32,
    rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  };
}
