import type { Made } from './ctranslate2.ts';
import { TINY } from './ctranslate2.ts';

// Whisper reckoned in plain loops and double precision, as openai/whisper's model.py says it (MIT): what the graphs are
// held against. Matrices are lists of rows.
type Rows = number[][];

export function whisperByHand(variables: readonly Made[]) {
  const floats = (name: string): Float32Array => {
    const found = variables.find((one) => one.name === name);
    if (!found) throw new Error(name);
    return new Float32Array(new Uint8Array(found.bytes).buffer);
  };
  const { width, heads } = TINY;

  const matrix = (name: string, columns = width): Rows => {
    const all = [...floats(name)];
    return Array.from({ length: all.length / columns }, (_, row) => all.slice(row * columns, (row + 1) * columns));
  };
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
  const linear = (x: Rows, name: string, from = 0, to = Number.POSITIVE_INFINITY): Rows => {
    const weight = matrix(`${name}/weight`, x[0]?.length).slice(from, to);
    const bias = [...floats(`${name}/bias`)].slice(from, to);
    return x.map((row) => weight.map((column, at) => dot(row, column) + (bias[at] ?? 0)));
  };
  const norm = (x: Rows, name: string): Rows => {
    const [gamma, beta] = [floats(`${name}/gamma`), floats(`${name}/beta`)];
    return x.map((row) => {
      const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
      const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
      return row.map((value, at) => ((value - mean) / Math.sqrt(variance + 1e-5)) * (gamma[at] ?? 0) + (beta[at] ?? 0));
    });
  };
  const plus = (a: Rows, b: Rows): Rows => a.map((row, at) => row.map((value, column) => value + (b[at]?.[column] ?? 0)));
  const gelu = (x: Rows): Rows => x.map((row) => row.map((value) => (value / 2) * (1 + erf(value / Math.SQRT2))));

  function attention(query: Rows, key: Rows, value: Rows, causal: boolean): { out: Rows; weights: Rows[] } {
    const size = width / heads;
    const part = (rows: Rows, head: number) => rows.map((row) => row.slice(head * size, (head + 1) * size));
    const weights = Array.from({ length: heads }, (_, head) => {
      const keys = part(key, head);
      return part(query, head).map((row, at) => {
        const scores = keys.map((one, to) => (causal && to > at ? 0 : Math.exp(dot(row, one) / Math.sqrt(size))));
        const sum = scores.reduce((all, score) => all + score, 0);
        return scores.map((score) => score / sum);
      });
    });
    const out = query.map((_, at) =>
      weights.flatMap((rows, head) => {
        const values = part(value, head);
        return Array.from({ length: size }, (__, column) => dot(rows[at] ?? [], values.map((one) => one[column] ?? 0)));
      }),
    );
    return { out, weights };
  }
  function self(x: Rows, at: string, causal: boolean): Rows {
    const normed = norm(x, `${at}/self_attention/layer_norm`);
    const [q, k, v] = [0, 1, 2].map((part) =>
      linear(normed, `${at}/self_attention/linear_0`, part * width, (part + 1) * width),
    ) as [Rows, Rows, Rows];
    return plus(x, linear(attention(q, k, v, causal).out, `${at}/self_attention/linear_1`));
  }
  const feed = (x: Rows, at: string): Rows =>
    plus(x, linear(gelu(linear(norm(x, `${at}/ffn/layer_norm`), `${at}/ffn/linear_0`)), `${at}/ffn/linear_1`));
  function convolution(x: Rows, name: string, stride: number): Rows {
    const bias = floats(`${name}/bias`);
    const inputs = x[0]?.length ?? 0;
    const weight = matrix(`${name}/weight`, inputs * 3);
    const rows = Array.from({ length: Math.ceil(x.length / stride) }, (_, at) =>
      weight.map((taps, output) => {
        let sum = bias[output] ?? 0;
        for (let tap = 0; tap < 3; tap += 1)
          for (let input = 0; input < inputs; input += 1)
            sum += (x[at * stride + tap - 1]?.[input] ?? 0) * (taps[input * 3 + tap] ?? 0);
        return sum;
      }),
    );
    return gelu(rows);
  }

  return {
    /** Mel frames, a row each, to frames of the sound. */
    encode(mel: Rows): Rows {
      let x = convolution(convolution(mel, 'encoder/conv1', 1), 'encoder/conv2', 2);
      x = plus(x, matrix('encoder/position_encodings/encodings'));
      for (let at = 0; at < TINY.encoderLayers; at += 1) x = feed(self(x, `encoder/layer_${at}`, false), `encoder/layer_${at}`);
      return norm(x, 'encoder/layer_norm');
    },
    /** Logits of each token, and of each layer and head what each token attends to. */
    decode(ids: readonly number[], sound: Rows): { logits: Rows; attention: Rows[][] } {
      const words = matrix('decoder/embeddings/weight');
      const seen: Rows[][] = [];
      let x = plus(ids.map((id) => words[id] ?? []), matrix('decoder/position_encodings/encodings'));
      for (let layer = 0; layer < TINY.decoderLayers; layer += 1) {
        const at = `decoder/layer_${layer}`;
        x = self(x, at, true);
        const query = linear(norm(x, `${at}/attention/layer_norm`), `${at}/attention/linear_0`);
        const key = linear(sound, `${at}/attention/linear_1`, 0, width);
        const value = linear(sound, `${at}/attention/linear_1`, width, 2 * width);
        const { out, weights } = attention(query, key, value, false);
        seen.push(weights);
        x = feed(plus(x, linear(out, `${at}/attention/linear_2`)), at);
      }
      const last = norm(x, 'decoder/layer_norm');
      return { logits: last.map((row) => words.map((word) => dot(row, word))), attention: seen };
    },
  };
}

// Abramowitz and Stegun 7.1.26, right to 1.5e-7.
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}
