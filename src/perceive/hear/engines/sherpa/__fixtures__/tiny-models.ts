import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA_TYPE, type OnnxModel, writeModel } from '#models/onnx/index.ts';
import { GraphWriter, valueInfo } from '#models/prepare/whisper/graph-writer.ts';

// The smallest models sherpa-onnx accepts, in the shape of the released ones: what comes in decides what comes out by a table, so
// every text, time and label is known beforehand. Logits of a token that is written: well above those of all others.
const LOUD = 12;
/** Mean log energy of a frame (fbank, samples in [-1, 1]) below which nothing is said; silence is ln of float32's epsilon, -15.9. */
const QUIET_BELOW = -12;
const FEATURES = 80;
const LFR = { window: 7, shift: 6 };

/** What a token table says frame by frame: a token's number, or 0 for nothing. */
type Steps = readonly number[];

export const SENSE_TOKENS = [
  '<blank>',
  '<s>',
  '</s>',
  '<|zh|>',
  '<|en|>',
  '<|nospeech|>',
  '<|HAPPY|>',
  '<|EMO_UNKNOWN|>',
  '<|Speech|>',
  '<|Laughter|>',
  '<|withitn|>',
  '<|woitn|>',
  '你',
  '好',
  '▁world',
  's',
  '。',
  '▁The',
];
/** 你好 worlds。, one token in each third frame of 60 ms, again every 18. */
const SENSE_STEPS: Steps = [0, 12, 0, 0, 13, 0, 0, 14, 0, 0, 15, 0, 0, 16, 0, 0, 0, 0];
const SENSE_IDS = { lang_auto: 0, lang_zh: 3, lang_en: 4, lang_yue: 7, lang_ja: 11, lang_ko: 12 };

/** A SenseVoice: Chinese and happy unless told English; then of an emotion it does not know, with laughter. */
export function writeSenseVoice(folder: string): void {
  const vocabulary = SENSE_TOKENS.length;
  const graph = new GraphWriter('g');
  const [frames] = countOf(graph, 'x', 1);
  const rows = rowsFor(graph, frames, tableOf(SENSE_STEPS, vocabulary), SENSE_STEPS.length);
  const [spoken] = graph.add('Add', [rows, blankWhereQuiet(graph, 'x', vocabulary)]);
  // Language 0 (auto) and 3 (zh) are row 0, 4 (en) is row 1.
  const [isEnglish] = graph.add('Cast', [graph.add('Equal', ['language', int32s(graph, 4)])[0]], {
    attributes: { to: DATA_TYPE.int64 },
  });
  const tags = (name: string, ids: Steps) =>
    graph.add('Gather', [graph.floats(name, [ids.length, vocabulary], tableOf(ids, vocabulary)), isEnglish])[0];
  const [withItn] = graph.add('Cast', [graph.add('Equal', ['text_norm', int32s(graph, 14)])[0]], {
    attributes: { to: DATA_TYPE.int64 },
  });
  const norms = graph.floats('norms', [2, vocabulary], tableOf([11, 10], vocabulary));
  const [norm] = graph.add('Gather', [norms, withItn]);
  const [all] = graph.add('Concat', [tags('langs', [3, 4]), tags('moods', [6, 7]), tags('events', [8, 9]), norm, spoken], {
    attributes: { axis: 0 },
  });
  graph.add('Unsqueeze', [all, graph.ints(0)], { names: ['logits'] });
  const model = graph.model(
    [
      valueInfo('x', ['N', 'T', FEATURES * LFR.window], DATA_TYPE.float32),
      ...['x_length', 'language', 'text_norm'].map((name) => valueInfo(name, ['N'], DATA_TYPE.int32)),
    ],
    [valueInfo('logits', ['N', 'M', vocabulary], DATA_TYPE.float32)],
  );
  write(folder, 'model.onnx', model, {
    vocab_size: vocabulary,
    ...lfrMetadata(),
    normalize_samples: 1,
    with_itn: 14,
    without_itn: 15,
    ...SENSE_IDS,
  });
  writeTokens(folder, SENSE_TOKENS);
}

export const PARAFORMER_TOKENS = ['<blank>', '<s>', '</s>', '我', '爱', 'mo@@', 'del', '吗', '<unk>'];

/** A Paraformer: 我 爱 model 吗 over and over, one token every 0.3 s, with the peaks that tell times if `times`. */
export function writeParaformer(folder: string, { times = true } = {}): void {
  const vocabulary = PARAFORMER_TOKENS.length;
  const words: Steps = [3, 4, 5, 6, 7];
  const everyFrames = 5;
  const graph = new GraphWriter('g');
  const [frames] = countOf(graph, 'x', 1);
  const one = scalar(graph, 1);
  const [less] = graph.add('Sub', [frames, one]);
  const [count] = graph.add('Div', [less, scalar(graph, everyFrames)]);
  const rows = rowsFor(graph, count, tableOf(words, vocabulary), words.length);
  graph.add('Unsqueeze', [rows, graph.ints(0)], { names: ['logits'] });
  const [flat] = graph.add('Unsqueeze', [count, graph.ints(0)]);
  graph.add('Cast', [flat], { names: ['token_num'], attributes: { to: DATA_TYPE.int32 } });
  const [upsampled] = graph.add('Mul', [frames, scalar(graph, 3)]);
  const [clock] = graph.add('Range', [scalar(graph, 0), upsampled, one]);
  const [beat] = graph.add('Mod', [clock, scalar(graph, 3 * everyFrames)]);
  const [isBeat] = graph.add('Equal', [beat, scalar(graph, 0)]);
  const [peaks] = graph.add('Cast', [isBeat], { attributes: { to: DATA_TYPE.float32 } });
  graph.add('Unsqueeze', [peaks, graph.ints(0)], { names: ['us_cif_peak'] });
  graph.add('Unsqueeze', [peaks, graph.ints(0)], { names: ['us_alphas'] });
  const told = [
    valueInfo('logits', ['N', 'M', vocabulary], DATA_TYPE.float32),
    valueInfo('token_num', ['N'], DATA_TYPE.int32),
  ];
  const timed = ['us_alphas', 'us_cif_peak'].map((name) => valueInfo(name, ['N', 'U'], DATA_TYPE.float32));
  const model = graph.model(
    [valueInfo('speech', ['N', 'T', FEATURES * LFR.window], DATA_TYPE.float32), valueInfo('speech_lengths', ['N'], DATA_TYPE.int32)],
    times ? [...told, ...timed] : told,
  );
  for (const node of model.graph.node) node.input = node.input.map((name) => (name === 'x' ? 'speech' : name));
  write(folder, 'model.int8.onnx', model, { vocab_size: vocabulary, ...lfrMetadata() });
  writeTokens(folder, PARAFORMER_TOKENS);
}

export const ZIPFORMER_TOKENS = ['<blk>', '<sos/eos>', '<unk>', '▁good', '▁morn', 'ing', '早', '上', '▁G'];
const CHUNK = { frames: 32, window: 39, encoded: 8 };

/**
 * A streaming Zipformer: " good morning 早上", a token every 160 ms where it is not quiet. Where it stands in the table is its state, and
 * each token's own logit differs, so that probabilities do too.
 */
export function writeZipformer(folder: string): void {
  const vocabulary = ZIPFORMER_TOKENS.length;
  const steps: Steps = [0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 7, 0, 0];
  const states: readonly [string, readonly number[], number][] = [
    ['cached_len_0', [1, 1], DATA_TYPE.int64],
    ['cached_avg_0', [1, 1, 2], DATA_TYPE.float32],
    ['cached_key_0', [1, 1, 1, 2], DATA_TYPE.float32],
    ['cached_val_0', [1, 1, 1, 1], DATA_TYPE.float32],
    ['cached_val2_0', [1, 1, 1, 1], DATA_TYPE.float32],
    ['cached_conv1_0', [1, 1, 2, 1], DATA_TYPE.float32],
    ['cached_conv2_0', [1, 1, 2, 1], DATA_TYPE.float32],
  ];
  const encoder = new GraphWriter('encoder');
  const [first] = encoder.add('Slice', ['x', encoder.ints(0), encoder.ints(CHUNK.frames), encoder.ints(1)]);
  const [parts] = encoder.add('Reshape', [first, encoder.ints(CHUNK.encoded, 4 * FEATURES)]);
  const [energy] = encoder.add('ReduceMean', [parts, encoder.ints(1)], { attributes: { keepdims: 1 } });
  const [offset] = encoder.add('Reshape', ['cached_len_0', encoder.ints(1)]);
  const clock = encoder.ints(...Array.from({ length: CHUNK.encoded }, (_, at) => at));
  const [at] = encoder.add('Mod', [encoder.add('Add', [clock, offset])[0], encoder.ints(steps.length)]);
  const table = encoder.floats('table', [steps.length, vocabulary], tableOf(steps, vocabulary, true));
  const [rows] = encoder.add('Gather', [table, at]);
  const [loud] = encoder.add('Add', [rows, whereQuiet(encoder, energy, vocabulary)]);
  encoder.add('Unsqueeze', [loud, encoder.ints(0)], { names: ['encoder_out'] });
  for (const [name] of states.slice(1)) encoder.add('Identity', [name], { names: [`new_${name}`] });
  encoder.add('Add', ['cached_len_0', encoder.ints(CHUNK.encoded)], { names: ['new_cached_len_0'] });
  write(
    folder,
    'encoder-epoch-99-avg-1.int8.onnx',
    encoder.model(
      [
        valueInfo('x', [1, CHUNK.window, FEATURES], DATA_TYPE.float32),
        ...states.map(([name, dims, type]) => valueInfo(name, dims, type)),
      ],
      [
        valueInfo('encoder_out', [1, CHUNK.encoded, vocabulary], DATA_TYPE.float32),
        ...states.map(([name, dims, type]) => valueInfo(`new_${name}`, dims, type)),
      ],
    ),
    {
      model_type: 'zipformer',
      version: 1,
      encoder_dims: 2,
      attention_dims: 2,
      num_encoder_layers: 1,
      cnn_module_kernels: 2,
      left_context_len: 1,
      T: CHUNK.window,
      decode_chunk_len: CHUNK.frames,
    },
  );

  const decoder = new GraphWriter('decoder');
  const [last] = decoder.add('Slice', ['y', decoder.ints(1), decoder.ints(2), decoder.ints(1)]);
  const [flat] = decoder.add('Reshape', [last, decoder.ints(1)]);
  // What was written before hardly matters, but it does.
  const memory = Float32Array.from({ length: vocabulary ** 2 }, (_, cell) => (cell % 7) * 0.01);
  const [known] = decoder.add('Gather', [decoder.floats('memory', [vocabulary, vocabulary], memory), flat]);
  decoder.add('Identity', [known], { names: ['decoder_out'] });
  write(
    folder,
    'decoder-epoch-99-avg-1.onnx',
    decoder.model([valueInfo('y', [1, 2], DATA_TYPE.int64)], [valueInfo('decoder_out', [1, vocabulary], DATA_TYPE.float32)]),
    { context_size: 2, vocab_size: vocabulary },
  );

  const joiner = new GraphWriter('joiner');
  joiner.add('Add', ['encoder_out', 'decoder_out'], { names: ['logit'] });
  const row = (name: string) => valueInfo(name, [1, vocabulary], DATA_TYPE.float32);
  write(folder, 'joiner-epoch-99-avg-1.int8.onnx', joiner.model([row('encoder_out'), row('decoder_out')], [row('logit')]), {
    joiner_dim: vocabulary,
  });
  writeTokens(folder, ZIPFORMER_TOKENS);
}

// A frame of segmentation is 10 ms.
const SEGMENT = { rateHz: 16_000, windowMs: 1_000, frame: 160 };

/**
 * A pyannote segmentation and a speaker embedding. A voice here is a pitch: a low tone is one speaker, a high tone another, both at
 * once are both. The embedding is the mean spectrum.
 */
export function writeDiarisation(folder: string): void {
  const samples = (SEGMENT.rateHz * SEGMENT.windowMs) / 1000;
  const frames = samples / SEGMENT.frame;
  const graph = new GraphWriter('g');
  const [parts] = graph.add('Reshape', ['x', graph.ints(frames, SEGMENT.frame)]);
  const mean = (value: string) =>
    graph.add('ReduceMean', [graph.add('Abs', [value])[0], graph.ints(1)], { attributes: { keepdims: 1 } })[0];
  const part = (from: number, to: number) => graph.add('Slice', [parts, graph.ints(from), graph.ints(to), graph.ints(1)])[0];
  const [steps] = graph.add('Sub', [part(1, SEGMENT.frame), part(0, SEGMENT.frame - 1)]);
  const loudness = mean(parts);
  const [ratio] = graph.add('Div', [mean(steps), graph.add('Add', [loudness, one(graph, 'little', 1e-6)])[0]]);
  const flag = (op: string, value: string, name: string, than: number) =>
    graph.add('Cast', [graph.add(op, [value, one(graph, name, than)])[0]], { attributes: { to: DATA_TYPE.float32 } })[0];
  const heard = flag('Greater', loudness, 'least', 0.01);
  const low = graph.add('Mul', [heard, flag('Less', ratio, 'low', 0.2)])[0];
  const high = graph.add('Mul', [heard, flag('Greater', ratio, 'high', 1)])[0];
  const [alone] = graph.add('Add', [low, high]);
  const [both] = graph.add('Sub', [heard, alone]);
  const [none] = graph.add('Sub', [one(graph, 'one', 1), heard]);
  const [never] = graph.add('Sub', [heard, heard]);
  // Nobody, 1, 2, 3, 1 and 2, 1 and 3, 2 and 3: the powerset as pyannote orders it.
  const [classes] = graph.add('Concat', [none, low, high, never, both, never, never], { attributes: { axis: 1 } });
  graph.add('Unsqueeze', [classes, graph.ints(0)], { names: ['y'] });
  write(
    folder,
    'model.onnx',
    graph.model(
      [valueInfo('x', ['N', 1, 'T'], DATA_TYPE.float32)],
      [valueInfo('y', ['N', frames, 7], DATA_TYPE.float32)],
    ),
    {
      model_type: 'pyannote-segmentation-3.0',
      sample_rate: SEGMENT.rateHz,
      window_size: samples,
      receptive_field_size: SEGMENT.frame,
      receptive_field_shift: SEGMENT.frame,
      num_speakers: 3,
      powerset_max_classes: 2,
      num_classes: 7,
    },
  );

  const voice = new GraphWriter('voice');
  const [spectrum] = voice.add('ReduceMean', ['x', voice.ints(1)], { attributes: { keepdims: 0 } });
  const [above] = voice.add('Add', [spectrum, one(voice, 'floor', 2)]);
  voice.add('Relu', [above], { names: ['embedding'] });
  write(
    folder,
    'wespeaker_tiny.onnx',
    voice.model(
      [valueInfo('x', ['N', 'T', FEATURES], DATA_TYPE.float32)],
      [valueInfo('embedding', ['N', FEATURES], DATA_TYPE.float32)],
    ),
    { framework: 'wespeaker', language: 'English', output_dim: FEATURES, sample_rate: SEGMENT.rateHz, normalize_samples: 1 },
  );
}

function lfrMetadata() {
  const values = (value: number) => Array.from({ length: FEATURES * LFR.window }, () => value).join(',');
  return {
    lfr_window_size: LFR.window,
    lfr_window_shift: LFR.shift,
    neg_mean: values(0),
    inv_stddev: values(1),
  };
}

/** Writes a model with what sherpa-onnx wants to know of it. */
export function write(folder: string, name: string, model: OnnxModel, metadata: Record<string, string | number>): void {
  const metadataProps = Object.entries(metadata).map(([key, value]) => ({ key, value: `${value}` }));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), writeModel({ ...model, metadataProps }));
}

export function writeTokens(folder: string, tokens: readonly string[]): void {
  writeFileSync(join(folder, 'tokens.txt'), tokens.map((token, id) => `${token} ${id}\n`).join(''));
}

/** One row of logits for each step. `uneven`: how far the token stands out differs from row to row. */
function tableOf(steps: Steps, vocabulary: number, uneven = false): Float32Array {
  const table = new Float32Array(steps.length * vocabulary);
  for (const [row, id] of steps.entries()) table[row * vocabulary + id] = uneven ? 3 + (row % 5) * 0.5 : LOUD;
  return table;
}

/** Rows of a table, over and over, `count` of them. */
function rowsFor(graph: GraphWriter, count: string, table: Float32Array, rows: number): string {
  const [clock] = graph.add('Range', [scalar(graph, 0), count, scalar(graph, 1)]);
  const [at] = graph.add('Mod', [clock, scalar(graph, rows)]);
  return graph.add('Gather', [graph.floats('rows', [rows, table.length / rows], table), at])[0];
}

function countOf(graph: GraphWriter, value: string, axis: number): [string, ...string[]] {
  const [shape] = graph.add('Shape', [value]);
  return graph.add('Gather', [shape, scalar(graph, axis)]);
}

function blankWhereQuiet(graph: GraphWriter, features: string, vocabulary: number): string {
  const [energy] = graph.add('ReduceMean', [features, graph.ints(0, 2)], { attributes: { keepdims: 0 } });
  const [column] = graph.add('Unsqueeze', [energy, graph.ints(1)]);
  return whereQuiet(graph, column, vocabulary);
}

/** What to add to logits so that nothing is written where the energy is low. */
function whereQuiet(graph: GraphWriter, energy: string, vocabulary: number): string {
  const [quiet] = graph.add('Cast', [graph.add('Less', [energy, one(graph, 'quiet', QUIET_BELOW)])[0]], {
    attributes: { to: DATA_TYPE.float32 },
  });
  const blank = new Float32Array(vocabulary);
  blank[0] = 10 * LOUD;
  return graph.add('Mul', [quiet, graph.floats('blank', [1, vocabulary], blank)])[0];
}

function scalar(graph: GraphWriter, value: number): string {
  const rawData = new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);
  return graph.weight({ name: `scalar_${value}`, dims: [], dataType: DATA_TYPE.int64, rawData });
}

function int32s(graph: GraphWriter, value: number): string {
  const rawData = new Uint8Array(Int32Array.of(value).buffer);
  return graph.weight({ name: `int32_${value}`, dims: [1], dataType: DATA_TYPE.int32, rawData });
}

function one(graph: GraphWriter, name: string, value: number): string {
  return graph.floats(name, [1, 1], Float32Array.of(value));
}
