import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA_TYPE, type OnnxModel, writeModel } from '#models/onnx/index.ts';
import { GraphWriter, valueInfo } from '#models/prepare/whisper/graph-writer.ts';

// The smallest models in the layout of the hub's ONNX releases of SigLIP, CLIP and CLAP. A text's vector is the mean of its tokens' rows in a
// table of random numbers; a picture's is its prepared pixels times a random matrix; a sound's is the mean of its mel bands over time.
export const WORDS = ['<pad>', '</s>', '<unk>', 'red', 'blue', 'a', 'much', 'longer', 'text', 'about', 'something', 'high', 'tone'];
export const WIDTH = 6;
export const SIDE_PX = 8;
export const MEL_BANDS = 64;
/** Frames of ten seconds with a hop of 480 samples at 48 kHz. */
export const FRAMES = 1001;

/** Numbers that look random and are the same each time, from -1 to 1. */
export function numbers(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export const TABLE = numbers(WORDS.length * WIDTH, 7);
export const MATRIX = numbers(3 * SIDE_PX * SIDE_PX * WIDTH, 11);

type Kind = 'siglip2' | 'clip' | 'clap';

/** Writes such a model. `suffix` is what the names of the graphs end with, as a smaller kind of the weights does (`_quantized`). */
export function writeTowers(folder: string, kind: Kind, suffix = ''): void {
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  const json = (name: string, content: object) => writeFileSync(join(folder, name), JSON.stringify(content));
  const onnx = (name: string, model: OnnxModel) =>
    writeFileSync(join(folder, 'onnx', `${name}${suffix}.onnx`), writeModel(model));
  const width = kind === 'clap' ? MEL_BANDS : WIDTH;
  onnx('text_model', textModel(kind === 'siglip2' ? 'pooler_output' : 'text_embeds', kind !== 'siglip2', width));
  if (kind === 'clap') onnx('audio_model', audioModel());
  else onnx('vision_model', visionModel(kind === 'siglip2' ? 'pooler_output' : 'image_embeds'));
  const type = { siglip2: 'siglip', clip: 'clip', clap: 'clap' }[kind];
  json('config.json', {
    model_type: type,
    text_config: { model_type: `${type}_text_model` },
    vision_config: { model_type: `${type}_vision_model` },
  });
  json('preprocessor_config.json', PREPROCESSORS[kind]);
  json('tokenizer_config.json', {
    tokenizer_class: { siglip2: 'GemmaTokenizer', clip: 'CLIPTokenizer', clap: 'RobertaTokenizer' }[kind],
    pad_token: '<pad>',
    eos_token: '</s>',
    unk_token: '<unk>',
    model_max_length: 1_000_000,
  });
  json('tokenizer.json', tokenizer());
}

const MIDDLE = [0.5, 0.5, 0.5];
const PREPROCESSORS: Readonly<Record<Kind, object>> = {
  siglip2: {
    image_processor_type: 'SiglipImageProcessor',
    processor_class: 'SiglipProcessor',
    do_resize: true,
    do_rescale: true,
    do_normalize: true,
    resample: 2,
    rescale_factor: 1 / 255,
    image_mean: MIDDLE,
    image_std: MIDDLE,
    size: { height: SIDE_PX, width: SIDE_PX },
  },
  clip: {
    image_processor_type: 'CLIPImageProcessor',
    do_resize: true,
    do_rescale: true,
    do_normalize: true,
    do_center_crop: true,
    resample: 3,
    rescale_factor: 1 / 255,
    image_mean: MIDDLE,
    image_std: MIDDLE,
    size: { shortest_edge: SIDE_PX },
    crop_size: { height: SIDE_PX, width: SIDE_PX },
  },
  clap: {
    feature_extractor_type: 'ClapFeatureExtractor',
    processor_class: 'ClapProcessor',
    chunk_length_s: 10,
    feature_size: MEL_BANDS,
    fft_window_size: 1024,
    frequency_max: 14_000,
    frequency_min: 50,
    hop_length: 480,
    max_length_s: 10,
    n_fft: 1024,
    nb_frequency_bins: 513,
    nb_max_frames: 1000,
    nb_max_samples: 480_000,
    padding: 'repeatpad',
    padding_side: 'right',
    padding_value: 0,
    sampling_rate: 48_000,
    top_db: null,
    truncation: 'rand_trunc',
  },
};

function tokenizer(): object {
  return {
    version: '1.0',
    added_tokens: ['<pad>', '</s>', '<unk>'].map((content) => ({
      id: WORDS.indexOf(content),
      content,
      special: true,
      ...{ single_word: false, lstrip: false, rstrip: false, normalized: false },
    })),
    normalizer: null,
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 0 } }],
      pair: [],
      special_tokens: { '</s>': { id: '</s>', ids: [1], tokens: ['</s>'] } },
    },
    decoder: null,
    model: {
      type: 'WordPiece',
      unk_token: '<unk>',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])),
    },
  };
}

/** The mean of the rows of all tokens, filling among them; of those that count where there is a mask. */
function textModel(output: string, masked: boolean, width: number): OnnxModel {
  const graph = new GraphWriter('text');
  const wide = width === WIDTH ? TABLE : numbers(WORDS.length * width, 7);
  const [rows] = graph.add('Gather', [graph.floats('table', [WORDS.length, width], wide), 'input_ids']);
  if (masked) {
    const [mask] = graph.add('Cast', ['attention_mask'], { attributes: { to: DATA_TYPE.float32 } });
    const [column] = graph.add('Unsqueeze', [mask, graph.ints(2)]);
    const [kept] = graph.add('Mul', [rows, column]);
    const [sum] = graph.add('ReduceSum', [kept, graph.ints(1)], { attributes: { keepdims: 0 } });
    const [count] = graph.add('ReduceSum', [mask, graph.ints(1)], { attributes: { keepdims: 1 } });
    graph.add('Div', [sum, count], { names: [output] });
  } else {
    graph.add('ReduceMean', [rows, graph.ints(1)], { names: [output], attributes: { keepdims: 0 } });
  }
  const inputs = masked ? ['input_ids', 'attention_mask'] : ['input_ids'];
  return graph.model(
    inputs.map((name) => valueInfo(name, ['B', 'T'], DATA_TYPE.int64)),
    [valueInfo(output, ['B', width], DATA_TYPE.float32)],
  );
}

function visionModel(output: string): OnnxModel {
  const graph = new GraphWriter('vision');
  const [flat] = graph.add('Flatten', ['pixel_values'], { attributes: { axis: 1 } });
  graph.add('MatMul', [flat, graph.floats('matrix', [3 * SIDE_PX * SIDE_PX, WIDTH], MATRIX)], { names: [output] });
  return graph.model(
    [valueInfo('pixel_values', ['B', 3, SIDE_PX, SIDE_PX], DATA_TYPE.float32)],
    [valueInfo(output, ['B', WIDTH], DATA_TYPE.float32)],
  );
}

/** Each band's mean over time, 100 dB higher, so that none is below zero. */
function audioModel(): OnnxModel {
  const graph = new GraphWriter('audio');
  const [bands] = graph.add('ReduceMean', ['input_features', graph.ints(1, 2)], { attributes: { keepdims: 0 } });
  graph.add('Add', [bands, graph.floats('lift', [1], Float32Array.of(100))], { names: ['audio_embeds'] });
  return graph.model(
    [valueInfo('input_features', ['B', 1, FRAMES, MEL_BANDS], DATA_TYPE.float32)],
    [valueInfo('audio_embeds', ['B', MEL_BANDS], DATA_TYPE.float32)],
  );
}
