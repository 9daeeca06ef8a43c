/** A variable of a made-up CTranslate2 file. */
export interface Made {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: number;
  readonly bytes: Buffer;
}

const u16 = (value: number) => Buffer.from(Uint16Array.of(value).buffer);
const u32 = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
const text = (value: string) => Buffer.concat([u16(value.length + 1), Buffer.from(`${value}\0`)]);

/** The bytes of a CTranslate2 `model.bin`. */
export function ctranslate2File(variables: readonly Made[], aliases: readonly [string, string][] = [], spec = 'WhisperSpec') {
  return Buffer.concat([
    u32(6),
    text(spec),
    u32(3, variables.length),
    ...variables.flatMap(({ name, dims, type, bytes }) => [
      text(name),
      Buffer.of(dims.length),
      u32(...dims),
      Buffer.of(type),
      u32(bytes.length),
      bytes,
    ]),
    u32(aliases.length),
    ...aliases.flat().map(text),
  ]);
}

export function floats(name: string, dims: readonly number[], values: Float32Array): Made {
  return { name, dims, type: 0, bytes: Buffer.from(new Uint8Array(values.buffer)) };
}

const int16 = (name: string, value: number): Made => ({ name, dims: [], type: 2, bytes: u16(value) });

export const TINY = { width: 128, inner: 256, heads: 2, encoderLayers: 2, decoderLayers: 2, mels: 16, frames: 12, tokens: 16, vocabulary: 40 };

/** Variables of a Whisper small enough to reckon by hand, with arbitrary but repeatable weights. */
export function tinyWhisper(): Made[] {
  const { width, inner, heads, mels, frames, tokens, vocabulary } = TINY;
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 31 - 1;
  };
  const made: Made[] = [];
  const add = (name: string, dims: number[], size: number, around = 0) => {
    const count = dims.reduce((product, dim) => product * dim, 1);
    made.push(floats(name, dims, Float32Array.from({ length: count }, () => around + size * random())));
  };
  const norm = (name: string) => {
    add(`${name}/gamma`, [width], 0.2, 1);
    add(`${name}/beta`, [width], 0.2);
  };
  const linear = (name: string, outputs: number, inputs: number) => {
    add(`${name}/weight`, [outputs, inputs], 2 / Math.sqrt(inputs));
    add(`${name}/bias`, [outputs], 0.1);
  };
  const layer = (at: string) => {
    norm(`${at}/self_attention/layer_norm`);
    linear(`${at}/self_attention/linear_0`, 3 * width, width);
    linear(`${at}/self_attention/linear_1`, width, width);
    norm(`${at}/ffn/layer_norm`);
    linear(`${at}/ffn/linear_0`, inner, width);
    linear(`${at}/ffn/linear_1`, width, inner);
  };
  add('encoder/conv1/weight', [width, mels, 3], 0.3);
  add('encoder/conv1/bias', [width], 0.1);
  add('encoder/conv2/weight', [width, width, 3], 0.1);
  add('encoder/conv2/bias', [width], 0.1);
  add('encoder/position_encodings/encodings', [frames, width], 0.5);
  add('decoder/position_encodings/encodings', [tokens, width], 0.5);
  add('decoder/embeddings/weight', [vocabulary, width], 0.5);
  for (let at = 0; at < TINY.encoderLayers; at += 1) layer(`encoder/layer_${at}`);
  for (let at = 0; at < TINY.decoderLayers; at += 1) {
    layer(`decoder/layer_${at}`);
    norm(`decoder/layer_${at}/attention/layer_norm`);
    linear(`decoder/layer_${at}/attention/linear_0`, width, width);
    linear(`decoder/layer_${at}/attention/linear_1`, 2 * width, width);
    linear(`decoder/layer_${at}/attention/linear_2`, width, width);
  }
  norm('encoder/layer_norm');
  norm('decoder/layer_norm');
  return [...made, int16('encoder/num_heads', heads), int16('decoder/num_heads', heads)];
}
