import type { Tensor } from './npz.ts';

/**
 * One step of a gated recurrent unit (Cho et al. 2014, https://arxiv.org/abs/1406.1078, with PyTorch's gate order reset,
 * update, new). `symbol` is the row of the embedding to feed; returns the new hidden state.
 */
export type GruStep = (symbol: number, hidden: Float32Array) => Float32Array;

export type GruWeights = { embedding: Tensor; wIh: Tensor; wHh: Tensor; bIh: Tensor; bHh: Tensor };

/** Makes the step function. What a symbol contributes never changes, so it is worked out once, when first met. */
export function createGru({ embedding, wIh, wHh, bIh, bHh }: GruWeights): GruStep {
  const size = wHh.shape[1] ?? 0;
  const width = embedding.shape[1] ?? 0;
  const inputs = new Map<number, Float32Array>();

  function inputOf(symbol: number): Float32Array {
    const known = inputs.get(symbol);
    if (known !== undefined) return known;
    const input = affine(wIh, bIh, embedding.data.subarray(symbol * width, (symbol + 1) * width));
    inputs.set(symbol, input);
    return input;
  }

  return (symbol, hidden) => {
    const input = inputOf(symbol);
    const recurrent = affine(wHh, bHh, hidden);
    const next = new Float32Array(size);
    for (let i = 0; i < size; i++) {
      const reset = sigmoid(at(input, i) + at(recurrent, i));
      const update = sigmoid(at(input, size + i) + at(recurrent, size + i));
      const fresh = Math.tanh(at(input, 2 * size + i) + reset * at(recurrent, 2 * size + i));
      next[i] = (1 - update) * fresh + update * at(hidden, i);
    }
    return next;
  };
}

/** weight · vector + bias, with `weight` of shape (rows, columns). */
export function affine(weight: Tensor, bias: Tensor, vector: Float32Array): Float32Array {
  const columns = vector.length;
  const out = new Float32Array(bias.data.length);
  for (let row = 0, start = 0; row < out.length; row++, start += columns) {
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += at(weight.data, start + column) * at(vector, column);
    out[row] = sum + at(bias.data, row);
  }
  return out;
}

function at(values: Float32Array, index: number): number {
  return values[index] as number;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
