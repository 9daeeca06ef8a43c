import type { EmbeddingComponent, VectorModel } from '#contract/ports.ts';
import type { ComponentManifest, ModelFingerprint, PromptPiece } from '#contract/prompt-vectors.ts';
import { randomFrom } from '#score/index.ts';
import { promptVectors } from '../../components/vectors.ts';

export interface TableModelOptions {
  readonly seed?: number | undefined;
  readonly width?: number | undefined;
  /** What it multiplies the rows of tokens by and raw vectors not. */
  readonly scale?: number | undefined;
  /** What its fingerprint says of that; the truth where nothing is said. */
  readonly saidScale?: number | undefined;
  /** Vectors come one position late. */
  readonly late?: boolean | undefined;
  /** Added to logits by where a prompt is cut: the noise of an engine. */
  readonly cutNoise?: number | undefined;
  /** Added to logits of prompts with vectors. */
  readonly vectorNoise?: number | undefined;
  readonly perLayerInputs?: boolean | undefined;
  /** Shows neither logits nor log-probabilities of a prompt, as a server does. */
  readonly remote?: boolean | undefined;
  readonly withoutTable?: boolean | undefined;
}

const VOCABULARY = 512;

/**
 * A tiny language model that truly computes: a table of rows, and one rule. It looks for places in the prompt like the last one and
 * expects what came after them (an induction head), so that it repeats what it has read, by vectors alone. Words are its tokens.
 */
export function tableModel(options: TableModelOptions = {}): VectorModel & { readonly calls: { scored: number } } {
  const { seed = 1, width = 32, scale = 1, saidScale = scale, late = false, cutNoise = 0, vectorNoise = 0 } = options;
  const random = randomFrom(seed);
  const table = Float32Array.from({ length: VOCABULARY * width }, () => Math.fround(random() * 2 - 1));
  const rowsOf = (tokens: readonly number[]) => {
    const rows = new Float32Array(tokens.length * width);
    tokens.forEach((token, at) => rows.set(table.subarray(token * width, (token + 1) * width), at * width));
    return rows;
  };
  const calls = { scored: 0 };
  const read = (prompt: readonly PromptPiece[]) => {
    const rows: Float32Array[] = [];
    for (const piece of prompt) {
      const raw = 'vectors' in piece;
      if (raw && piece.vectors.length % width !== 0) throw new Error('not whole rows');
      const values = raw ? piece.vectors : rowsOf(piece.tokens).map((value) => value * scale);
      if (raw && late) rows.push(new Float32Array(width).fill(0.5));
      for (let at = 0; at < values.length; at += width) rows.push(values.subarray(at, at + width));
    }
    return rows;
  };
  const noiseOf = (prompt: readonly PromptPiece[]) =>
    cutNoise * (prompt.length % 2) + (prompt.some((piece) => 'vectors' in piece) ? vectorNoise : 0);
  const logitsAfter = (rows: readonly Float32Array[], last: number, noise: number) => {
    const here = rows[last] as Float32Array;
    const wanted = new Float32Array(width);
    let sum = 0;
    for (let at = 0; at < last; at++) {
      const weight = Math.exp(12 * cosine(rows[at] as Float32Array, here)) * (1 + at / last);
      sum += weight;
      const next = rows[at + 1] as Float32Array;
      const norm = Math.hypot(...next) || 1;
      for (let channel = 0; channel < width; channel++)
        wanted[channel] = (wanted[channel] as number) + (weight * (next[channel] as number)) / norm;
    }
    // At the beginning there is nothing to repeat but itself.
    if (last === 0) wanted.set(here.map((value) => value / (Math.hypot(...here) || 1)));
    const loud = 0.1 * Math.tanh(Math.hypot(...here) / 10);
    return Float32Array.from({ length: VOCABULARY }, (_, token) => {
      let dot = 0;
      for (let channel = 0; channel < width; channel++)
        dot += (table[token * width + channel] as number) * ((wanted[channel] as number) / (sum || 1));
      return dot * 2 + loud * Math.cos(token) + noise * Math.sin(token * 7 + last);
    });
  };
  const logits = async (prompt: readonly PromptPiece[]) => {
    const rows = read(prompt);
    return rows.map((_, last) => logitsAfter(rows, last, noiseOf(prompt)));
  };
  const fingerprint: ModelFingerprint = {
    engine: 'table',
    architecture: 'induction',
    ...{ width, vocabulary: VOCABULARY, tableType: 'F32', scale: saidScale },
    tokenizerSha256: '1'.repeat(64),
    tableSha256: (seed % 16).toString(16).repeat(64),
    sketch: Array.from({ length: 64 }, (_, at) => [...rowsOf([at * 8])]),
    perLayerInputs: options.perLayerInputs ?? false,
    ...{ deepstackLayers: 0, positionStreams: 1, chatTemplateSha256: null },
  };
  return {
    ...{ id: 'table-model', calls },
    fingerprint: async () => fingerprint,
    tokenize: async (text) => words(text).map(tokenOf),
    rows: options.withoutTable ? null : async (tokens) => rowsOf(tokens),
    logits: options.remote ? null : logits,
    score: options.remote
      ? null
      : async (prompt, target) => {
          calls.scored += 1;
          const rows = read([...prompt, { tokens: target }]);
          const start = rows.length - target.length - 1;
          return Float64Array.from(target, (token, at) => {
            const all = logitsAfter(rows, start + at, noiseOf(prompt));
            return (all[token] as number) - logSumExp(all);
          });
        },
    next: async (prompt, top) => {
      const rows = read(prompt);
      const all = logitsAfter(rows, rows.length - 1, noiseOf(prompt));
      const sum = logSumExp(all);
      return Array.from(all, (logit, token) => ({ text: `t${token}`, logprob: logit - sum }))
        .sort((one, other) => other.logprob - one.logprob)
        .slice(0, top);
    },
    write: async () => '',
    close: async () => {},
  };
}

function words(text: string): readonly string[] {
  return text.match(/\p{Script=Han}|[\p{L}\p{N}]+|[^\s]/gu) ?? [];
}

function tokenOf(word: string): number {
  let hash = 7;
  for (const character of word.toLowerCase()) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % VOCABULARY;
}

function cosine(one: Float32Array, other: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let at = 0; at < one.length; at++) {
    const [a, b] = [one[at] as number, other[at] as number];
    dot += a * b;
    aa += a * a;
    bb += b * b;
  }
  return aa * bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}

function logSumExp(logits: Float32Array): number {
  const most = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return most + Math.log(logits.reduce((sum, value) => sum + Math.exp(value - most), 0));
}

/** A component over a model’s own rows, spoiled by `change` where something is given. */
export async function componentOf(
  model: VectorModel,
  change: (values: Float32Array, text: string) => Float32Array | Promise<Float32Array> = (values) => values,
  manifest: Partial<ComponentManifest> = {},
): Promise<EmbeddingComponent> {
  const signal = new AbortController().signal;
  const target = await model.fingerprint(signal);
  return {
    manifest: {
      schema: 'embedding-component/1',
      ...{ id: 'tried', kind: 'own-table', takes: ['text'], encoder: null, projectorSha256: null, target },
      ...{ vectorsPer: '1 a token', statistics: null, calibration: null },
      ...manifest,
    },
    embed: async ({ part, text }) => {
      const tokens = await model.tokenize(text ?? '', signal);
      const own = (await (model.rows ?? (async () => new Float32Array()))(tokens, signal)).map((value) => value * target.scale);
      const values = await change(own, text ?? '');
      return { ...promptVectors({ part, width: target.width, values: new Float32Array(target.width), surrogate: text ?? '', component: 'tried' }), rows: values.length / target.width, values };
    },
    close: async () => {},
  };
}
