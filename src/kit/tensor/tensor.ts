import { badTensor } from './refusal.ts';
import { looksLikeSafetensors, readSafetensors } from './safetensors.ts';
import { type Rows, readTorchFile, TENSOR_LIMITS, type TensorLimits } from './torch-file.ts';

export { type Rows, TENSOR_LIMITS, type TensorLimits, tensorFile, writeTensor } from './torch-file.ts';

/**
 * Reads one dense tensor of two axes from a file of `torch.save` or safetensors, as float32. Nothing is ever unpickled.
 * Throws `inject.bad-vectors` with `details.code` EMB_SHAPE, EMB_WIDTH, EMB_NOT_FINITE or EMB_TOO_LARGE.
 */
export function readTensor(bytes: Uint8Array, limits: TensorLimits = TENSOR_LIMITS): Rows {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (all.length > limits.maxBytes) throw tooLong(all.length, limits.maxBytes);
  return looksLikeSafetensors(all) ? readSafetensors(all, limits) : readTorchFile(all, limits);
}

/** The same from base64, whose length is looked at before it is decoded. */
export function readBase64Tensor(text: string, limits: TensorLimits = TENSOR_LIMITS): Rows {
  return readTensor(strictBase64(text, limits.maxBytes), limits);
}

/**
 * The bytes of base64 in the standard alphabet with its padding, as Python's `b64decode(validate=True)` takes it; nothing is
 * skipped and nothing forgiven. Throws `inject.bad-vectors`.
 */
export function strictBase64(text: string, maxBytes: number): Buffer {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const sizeBytes = (text.length / 4) * 3 - padding;
  if (sizeBytes > maxBytes) throw tooLong(Math.ceil(sizeBytes), maxBytes);
  const bytes = text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
  const tail = bytes?.subarray(bytes.length - (bytes.length % 3 || 3));
  if (bytes?.length === sizeBytes && tail && text.endsWith(tail.toString('base64'))) return bytes;
  throw badTensor('EMB_SHAPE', 'The vectors are not base64.', {
    hint: 'Encode the whole file with the standard alphabet and its padding, without line breaks.',
  });
}

function tooLong(measured: number, threshold: number): Error {
  return badTensor('EMB_TOO_LARGE', `The vectors are ${measured} bytes long; ${threshold} are taken.`, {
    hint: 'Send fewer rows or bfloat16, or ask for a higher limit where the server is run.',
    measured,
    threshold,
  });
}
