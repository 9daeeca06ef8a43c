import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Tiny models with random weights, so that the real library runs from end to end on any machine: what they say is
 * nonsense, but it is nonsense about the very picture or sound that went through their projector.
 */

type Value =
  | { readonly type: 'u32' | 'i32' | 'f32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'i32s' | 'f32s'; readonly value: readonly number[] };

interface Tensor {
  /** As llama.cpp counts them: the first is the innermost. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** Kernels of one-dimensional convolutions must have half the width. */
  readonly half?: boolean;
}

export interface Gguf {
  readonly keys: Readonly<Record<string, Value>>;
  readonly tensors: Readonly<Record<string, Tensor>>;
}

const ALIGNMENT = 32;
const TYPE = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;

/** A GGUF file, version 3 (github.com/ggml-org/ggml, docs/gguf.md). */
export function ggufBytes({ keys, tensors }: Gguf): Buffer {
  const entries = Object.entries(tensors);
  const head = [Buffer.from('GGUF'), u32(3), u64(entries.length), u64(Object.keys(keys).length)];
  for (const [key, value] of Object.entries(keys)) head.push(text(key), ...valueBytes(value));
  const data: Buffer[] = [];
  let offset = 0;
  for (const [name, { shape, values, half = false }] of entries) {
    const bytes = half ? Buffer.from(Uint16Array.from(values, halfBits).buffer) : Buffer.from(values.buffer);
    head.push(text(name), u32(shape.length), ...shape.map(u64), u32(half ? 1 : 0), u64(offset));
    data.push(bytes, padding(bytes.length));
    offset += bytes.length + padding(bytes.length).length;
  }
  const start = Buffer.concat(head);
  return Buffer.concat([start, padding(start.length), ...data]);
}

function valueBytes(value: Value): Buffer[] {
  switch (value.type) {
    case 'u32':
    case 'i32':
    case 'f32':
      return [u32(TYPE[value.type]), number(value.type, value.value)];
    case 'bool':
      return [u32(TYPE.bool), Buffer.of(value.value ? 1 : 0)];
    case 'string':
      return [u32(TYPE.string), text(value.value)];
    case 'strings':
      return [u32(TYPE.array), u32(TYPE.string), u64(value.value.length), ...value.value.map(text)];
    case 'i32s':
    case 'f32s': {
      const type = value.type === 'i32s' ? 'i32' : 'f32';
      return [u32(TYPE.array), u32(TYPE[type]), u64(value.value.length), ...value.value.map((one) => number(type, one))];
    }
  }
}

function number(type: 'u32' | 'i32' | 'f32', value: number): Buffer {
  const bytes = Buffer.alloc(4);
  if (type === 'f32') bytes.writeFloatLE(value);
  else if (type === 'i32') bytes.writeInt32LE(value);
  else bytes.writeUInt32LE(value);
  return bytes;
}

const u32 = (value: number) => number('u32', value);

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

function padding(length: number): Buffer {
  return Buffer.alloc((ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT);
}

function halfBits(value: number): number {
  const [bits = 0] = new Uint32Array(Float32Array.of(value).buffer);
  const exponent = ((bits >> 23) & 0xff) - 112;
  const sign = (bits >> 16) & 0x8000;
  return exponent <= 0 ? sign : sign | (exponent << 10) | ((bits >> 13) & 0x3ff);
}

/** Numbers that are the same on every run, spread evenly around 0 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1) * 1.7;
  };
}

function weights(seed: number) {
  const draw = seeded(seed);
  const filled = (shape: readonly number[], one: (index: number) => number): Tensor => ({
    shape,
    values: Float32Array.from({ length: shape.reduce((all, side) => all * side, 1) }, (_, index) => one(index)),
  });
  return {
    random: (...shape: number[]) => filled(shape, () => draw() / Math.sqrt(shape[0] ?? 1)),
    kernel: (...shape: number[]) => ({ ...filled(shape, () => draw() / 8), half: true }),
    ones: (length: number) => filled([length], () => 1),
    zeros: (length: number) => filled([length], () => 0),
    filled,
    draw,
  };
}

const WIDTH = 64;
const CONTEXT_TOKENS = 2048;

const MARKS = ['<unk>', '<s>', '</s>', '<|im_start|>', '<|im_end|>'];
const BYTES = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
const LETTERS = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index).replace(' ', '▁'));
const WORDS = 'a bird blue house in lamp looks moon of old on red river rose ship sings star stone that the tree under'
  .split(' ')
  .map((word) => `▁${word}`);
const SIGNS = ['中', '文', '龘', 'é', '🌸'];
const VOCABULARY = [...MARKS, ...BYTES, ...LETTERS, ...WORDS, ...SIGNS];

const TEMPLATE =
  "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}" +
  '{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}';

/** A language model of the kind “llama”, one layer deep. It never ends by itself and says no marks. */
export function tinyLlama(): Gguf {
  const { random, ones, filled, draw } = weights(1);
  const firstWord = MARKS.length + BYTES.length;
  const string = (value: string) => ({ type: 'string', value }) as const;
  const u = (value: number) => ({ type: 'u32', value }) as const;
  return {
    keys: {
      'general.architecture': string('llama'),
      'general.name': string('tiny'),
      'llama.context_length': u(CONTEXT_TOKENS),
      'llama.embedding_length': u(WIDTH),
      'llama.block_count': u(1),
      'llama.feed_forward_length': u(WIDTH),
      'llama.attention.head_count': u(4),
      'llama.attention.head_count_kv': u(4),
      'llama.rope.dimension_count': u(WIDTH / 4),
      'llama.attention.layer_norm_rms_epsilon': { type: 'f32', value: 1e-5 },
      'tokenizer.ggml.model': string('llama'),
      'tokenizer.ggml.tokens': { type: 'strings', value: VOCABULARY },
      'tokenizer.ggml.scores': { type: 'f32s', value: VOCABULARY.map((_, index) => -index) },
      // 2 unknown, 3 mark, 6 byte, 1 usual.
      'tokenizer.ggml.token_type': {
        type: 'i32s',
        value: VOCABULARY.map((_, index) => (index === 0 ? 2 : index < MARKS.length ? 3 : index < firstWord ? 6 : 1)),
      },
      'tokenizer.ggml.unknown_token_id': u(0),
      'tokenizer.ggml.bos_token_id': u(1),
      'tokenizer.ggml.eos_token_id': u(2),
      'tokenizer.chat_template': string(TEMPLATE),
    },
    tensors: {
      'token_embd.weight': random(WIDTH, VOCABULARY.length),
      'output_norm.weight': ones(WIDTH),
      // What is never to be said weighs nothing: among so many words one always weighs more.
      'output.weight': filled([WIDTH, VOCABULARY.length], (index) => (index < firstWord * WIDTH ? 0 : draw())),
      'blk.0.attn_norm.weight': ones(WIDTH),
      'blk.0.attn_q.weight': random(WIDTH, WIDTH),
      'blk.0.attn_k.weight': random(WIDTH, WIDTH),
      'blk.0.attn_v.weight': random(WIDTH, WIDTH),
      'blk.0.attn_output.weight': random(WIDTH, WIDTH),
      'blk.0.ffn_norm.weight': ones(WIDTH),
      'blk.0.ffn_gate.weight': random(WIDTH, WIDTH),
      'blk.0.ffn_up.weight': random(WIDTH, WIDTH),
      'blk.0.ffn_down.weight': random(WIDTH, WIDTH),
    },
  };
}

const EYE_WIDTH = 32;
const PICTURE_PX = 56;
const PATCH_PX = 14;

/** How many tokens a picture is for the tiny eye. */
export const PICTURE_TOKENS = (PICTURE_PX / PATCH_PX) ** 2;

// Ultravox stacks 8; llama.cpp counts the tokens of a sound rightly only where 1500 is a multiple of it.
const STACKED = 10;
const MEL_BINS = 80;
const LONGEST_FRAMES = 1500;

/** A projector for `tinyLlama`: an eye as LLaVA has it, an ear as Ultravox has it, or both. */
export function tinyProjector({ eye, ear }: { readonly eye: boolean; readonly ear: boolean }): Gguf {
  const { random, kernel, ones, zeros } = weights(2);
  const u = (value: number) => ({ type: 'u32', value }) as const;
  const bool = (value: boolean) => ({ type: 'bool', value }) as const;
  const encoder = (kind: 'vision' | 'audio'): Gguf['keys'] => ({
    [`clip.${kind}.embedding_length`]: u(EYE_WIDTH),
    [`clip.${kind}.feed_forward_length`]: u(EYE_WIDTH),
    [`clip.${kind}.block_count`]: u(kind === 'vision' ? 2 : 1),
    [`clip.${kind}.projection_dim`]: u(WIDTH),
    [`clip.${kind}.attention.head_count`]: u(2),
    [`clip.${kind}.attention.layer_norm_epsilon`]: { type: 'f32', value: 1e-5 },
  });
  const layer = (prefix: string, hasKeyBias: boolean): Gguf['tensors'] => {
    const square = ['attn_q', 'attn_k', 'attn_v', 'attn_out', 'ffn_up', 'ffn_down'];
    const biased = square.filter((name) => hasKeyBias || name !== 'attn_k');
    return {
      ...Object.fromEntries(square.map((name) => [`${prefix}.${name}.weight`, random(EYE_WIDTH, EYE_WIDTH)])),
      ...Object.fromEntries(biased.map((name) => [`${prefix}.${name}.bias`, zeros(EYE_WIDTH)])),
      ...Object.fromEntries(['ln1', 'ln2'].map((name) => [`${prefix}.${name}.weight`, ones(EYE_WIDTH)])),
      ...Object.fromEntries(['ln1', 'ln2'].map((name) => [`${prefix}.${name}.bias`, zeros(EYE_WIDTH)])),
    };
  };
  return {
    keys: {
      'general.architecture': { type: 'string', value: 'clip' },
      'general.name': { type: 'string', value: 'tiny' },
      'clip.has_vision_encoder': bool(eye),
      'clip.has_audio_encoder': bool(ear),
      'clip.use_gelu': bool(true),
      ...(eye && {
        ...encoder('vision'),
        'clip.vision.projector_type': { type: 'string', value: 'mlp' },
        'clip.vision.image_size': u(PICTURE_PX),
        'clip.vision.patch_size': u(PATCH_PX),
        'clip.vision.image_mean': { type: 'f32s', value: [0.5, 0.5, 0.5] },
        'clip.vision.image_std': { type: 'f32s', value: [0.5, 0.5, 0.5] },
      }),
      ...(ear && {
        ...encoder('audio'),
        'clip.audio.projector_type': { type: 'string', value: 'ultravox' },
        'clip.audio.num_mel_bins': u(MEL_BINS),
        'clip.audio.projector.stack_factor': u(STACKED),
      }),
    },
    tensors: {
      ...(eye && {
        'v.patch_embd.weight': random(PATCH_PX, PATCH_PX, 3, EYE_WIDTH),
        'v.position_embd.weight': random(EYE_WIDTH, PICTURE_TOKENS),
        'v.pre_ln.weight': ones(EYE_WIDTH),
        'v.pre_ln.bias': zeros(EYE_WIDTH),
        ...layer('v.blk.0', true),
        ...layer('v.blk.1', true),
        'mm.0.weight': random(EYE_WIDTH, WIDTH),
        'mm.0.bias': zeros(WIDTH),
        'mm.2.weight': random(WIDTH, WIDTH),
        'mm.2.bias': zeros(WIDTH),
      }),
      ...(ear && {
        'a.conv1d.1.weight': kernel(3, MEL_BINS, EYE_WIDTH),
        'a.conv1d.1.bias': { ...zeros(EYE_WIDTH), shape: [1, EYE_WIDTH] },
        'a.conv1d.2.weight': kernel(3, EYE_WIDTH, EYE_WIDTH),
        'a.conv1d.2.bias': { ...zeros(EYE_WIDTH), shape: [1, EYE_WIDTH] },
        'a.position_embd.weight': random(EYE_WIDTH, LONGEST_FRAMES),
        ...layer('a.blk.0', false),
        'a.post_ln.weight': ones(EYE_WIDTH),
        'a.post_ln.bias': zeros(EYE_WIDTH),
        'mm.a.norm_pre.weight': ones(EYE_WIDTH * STACKED),
        'mm.a.mlp.1.weight': random(EYE_WIDTH * STACKED, WIDTH * 2),
        'mm.a.norm_mid.weight': ones(WIDTH),
        'mm.a.mlp.2.weight': random(WIDTH, WIDTH),
      }),
    },
  };
}

/** Writes the tiny models into a folder and says where they are. */
export function writeTinyModels(folder: string) {
  const write = (name: string, gguf: Gguf) => {
    const path = join(folder, name);
    writeFileSync(path, ggufBytes(gguf));
    return path;
  };
  return {
    model: write('tiny.gguf', tinyLlama()),
    both: write('mmproj-both.gguf', tinyProjector({ eye: true, ear: true })),
    eye: write('mmproj-eye.gguf', tinyProjector({ eye: true, ear: false })),
    ear: write('mmproj-ear.gguf', tinyProjector({ eye: false, ear: true })),
  };
}
