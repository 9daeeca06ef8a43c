import { readBase64Tensor, TENSOR_LIMITS } from '#kit/tensor/tensor.ts';
import type { Engine } from '../engine.ts';
import { badField } from './refusal.ts';

/** The rows in the base64 of a tensor's file. Throws `inject.bad-vectors`, or a `Refusal` where it is no text. */
export function rowsIn(data: unknown, param: string, { model }: Engine): Float32Array {
  if (typeof data !== 'string') throw badField(param, 'must be the base64 of a tensor’s file.');
  return readBase64Tensor(data, { ...TENSOR_LIMITS, maxRows: model.contextTokens, width: model.width }).values;
}
