import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA_TYPE, type OnnxModel, writeModel } from '#models/onnx/index.ts';
import { GraphWriter, valueInfo } from '#models/prepare/whisper/graph-writer.ts';

// The smallest model in the layout of Florence-2's ONNX releases. What it says stands in a table; which row of it is decided by what
// arrives: the colour of the picture, and whether the question begins with an L (Locate …) or not (Describe …).
const SAYS = {
  red: 'A red wall with a sign.',
  green: 'Grass and',
  blue: 'The blue sea.',
  dark: '',
  objects: 'sign<loc_100><loc_200><loc_499><loc_799>wall<loc_0><loc_0><loc_999><loc_999>sign<loc_9><loc_9><loc_20><loc_20>',
} as const;
const SPECIAL = ['<s>', '<pad>', '</s>', '<unk>'];
const [BOS, PAD, EOS] = [0, 1, 2];
/** The row of what never comes to an end. */
const ENDLESS = 1;
/** In the units of the prepared picture: black is about -2. */
const DARK_BELOW = -1;
const PROMPTS = {
  '<MORE_DETAILED_CAPTION>': 'Describe with a paragraph what is shown in the image.',
  '<OD>': 'Locate the objects with category name in the image.',
};
/** Byte-level, as the real one is: a space is written Ġ. Every letter is a token. */
const LETTERS = [...new Set([...Object.values(SAYS), ...Object.values(PROMPTS)].join('').replaceAll(/<loc_\d+>/g, ''))].map(
  (letter) => (letter === ' ' ? 'Ġ' : letter),
);
const LOCATIONS = Array.from({ length: 1000 }, (_, at) => `<loc_${at}>`);
const VOCABULARY = [...SPECIAL, ...LETTERS, ...LOCATIONS];
const WIDTH = 2;
const SIDE_PX = 8;

/**
 * Writes a model that calls red pictures `A red wall with a sign.`, comes to no end with green ones, says nothing of dark ones, and finds
 * a wall and two signs in all. `suffix` is what the names of the graphs end with, as a smaller kind of the weights does (`_quantized`).
 */
export function writeFlorence(folder: string, suffix = ''): void {
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  const json = (name: string, content: object) => writeFileSync(join(folder, name), JSON.stringify(content));
  const onnx = (name: string, model: OnnxModel) =>
    writeFileSync(join(folder, 'onnx', `${name}${suffix}.onnx`), writeModel(model));
  onnx('vision_encoder', visionEncoder());
  onnx('embed_tokens', embedTokens());
  onnx('encoder_model', encoder());
  onnx('decoder_model_merged', decoder());
  json('config.json', {
    model_type: 'florence2',
    architectures: ['Florence2ForConditionalGeneration'],
    is_encoder_decoder: true,
    projection_dim: WIDTH,
    bos_token_id: BOS,
    eos_token_id: EOS,
    pad_token_id: PAD,
    text_config: {
      model_type: 'florence2_language',
      vocab_size: VOCABULARY.length,
      d_model: WIDTH,
      encoder_layers: 1,
      encoder_attention_heads: 1,
      decoder_layers: 1,
      decoder_attention_heads: 1,
      is_encoder_decoder: true,
    },
    vision_config: { model_type: 'davit' },
  });
  json('generation_config.json', {
    bos_token_id: BOS,
    eos_token_id: EOS,
    pad_token_id: PAD,
    decoder_start_token_id: EOS,
    forced_bos_token_id: BOS,
    num_beams: 3,
  });
  json('preprocessor_config.json', {
    processor_class: 'Florence2Processor',
    image_processor_type: 'CLIPImageProcessor',
    do_resize: true,
    do_rescale: true,
    do_normalize: true,
    do_center_crop: false,
    resample: 3,
    rescale_factor: 1 / 255,
    image_mean: [0.485, 0.456, 0.406],
    image_std: [0.229, 0.224, 0.225],
    size: { height: SIDE_PX, width: SIDE_PX },
    crop_size: { height: SIDE_PX, width: SIDE_PX },
    tasks_answer_post_processing_type: { '<OD>': 'description_with_bboxes', '<MORE_DETAILED_CAPTION>': 'pure_text' },
    task_prompts_without_inputs: PROMPTS,
    task_prompts_with_input: {},
  });
  json('tokenizer_config.json', {
    tokenizer_class: 'BartTokenizer',
    processor_class: 'Florence2Processor',
    bos_token: '<s>',
    eos_token: '</s>',
    pad_token: '<pad>',
    unk_token: '<unk>',
    model_max_length: 1024,
    clean_up_tokenization_spaces: false,
  });
  const added = [...SPECIAL, ...LOCATIONS].map((content) => ({
    id: VOCABULARY.indexOf(content),
    content,
    special: SPECIAL.includes(content),
    ...{ single_word: false, lstrip: false, rstrip: false, normalized: false },
  }));
  json('tokenizer.json', {
    version: '1.0',
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: {
      type: 'RobertaProcessing',
      sep: ['</s>', EOS],
      cls: ['<s>', BOS],
      trim_offsets: true,
      add_prefix_space: false,
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      vocab: Object.fromEntries([...SPECIAL, ...LETTERS].map((token, id) => [token, id])),
      merges: [],
    },
  });
}

/** The first feature: 0 red, 1 green, 2 blue, by the strongest colour; 3 where all is dark. */
function visionEncoder(): OnnxModel {
  const graph = new GraphWriter('vision');
  const [means] = graph.add('ReduceMean', ['pixel_values', graph.ints(2, 3)], { attributes: { keepdims: 0 } });
  const [strongest] = graph.add('ArgMax', [means], { attributes: { axis: 1, keepdims: 1 } });
  const [most] = graph.add('ReduceMax', [means, graph.ints(1)], { attributes: { keepdims: 1 } });
  const [isDark] = graph.add('Less', [most, graph.floats('dark', [1], Float32Array.of(DARK_BELOW))]);
  const [kind] = graph.add('Cast', [graph.add('Where', [isDark, graph.ints(3), strongest])[0]], {
    attributes: { to: DATA_TYPE.float32 },
  });
  const [none] = graph.add('Sub', [kind, kind]);
  const [both] = graph.add('Concat', [kind, none], { attributes: { axis: 1 } });
  graph.add('Unsqueeze', [both, graph.ints(1)], { names: ['image_features'] });
  return graph.model(
    [valueInfo('pixel_values', ['B', 3, SIDE_PX, SIDE_PX], DATA_TYPE.float32)],
    [valueInfo('image_features', ['B', 1, WIDTH], DATA_TYPE.float32)],
  );
}

/** The second feature says L. */
function embedTokens(): OnnxModel {
  const graph = new GraphWriter('embed');
  const table = new Float32Array(VOCABULARY.length * WIDTH);
  table[VOCABULARY.indexOf('L') * WIDTH + 1] = 1;
  const weights = graph.floats('table', [VOCABULARY.length, WIDTH], table);
  graph.add('Gather', [weights, 'input_ids'], { names: ['inputs_embeds'] });
  return graph.model(
    [valueInfo('input_ids', ['B', 'T'], DATA_TYPE.int64)],
    [valueInfo('inputs_embeds', ['B', 'T', WIDTH], DATA_TYPE.float32)],
  );
}

function encoder(): OnnxModel {
  const graph = new GraphWriter('encoder');
  const [mask] = graph.add('Cast', ['attention_mask'], { attributes: { to: DATA_TYPE.float32 } });
  const [column] = graph.add('Unsqueeze', [mask, graph.ints(2)]);
  graph.add('Mul', ['inputs_embeds', column], { names: ['last_hidden_state'] });
  return graph.model(
    [
      valueInfo('attention_mask', ['B', 'T'], DATA_TYPE.int64),
      valueInfo('inputs_embeds', ['B', 'T', WIDTH], DATA_TYPE.float32),
    ],
    [valueInfo('last_hidden_state', ['B', 'T', WIDTH], DATA_TYPE.float32)],
  );
}

/** Where it stands is how long its cache is. Rows of the table: what to say of red, green, blue and dark; then the objects of each. */
function decoder(): OnnxModel {
  const said = [SAYS.red, SAYS.green, SAYS.blue, SAYS.dark];
  const texts = [...said, ...said.map(() => SAYS.objects)].map(tokensOf);
  const steps = Math.max(...texts.map((text) => text.length)) + 2;
  const table = new Float32Array(texts.length * steps * VOCABULARY.length);
  for (const [row, tokens] of texts.entries()) {
    for (let step = 0; step < steps; step++) {
      const end = row === ENDLESS ? tokens[step % tokens.length] : EOS;
      const token = step === 0 ? BOS : (tokens[step - 1] ?? end ?? EOS);
      table[(row * steps + step) * VOCABULARY.length + token] = 9;
    }
  }
  const graph = new GraphWriter('decoder');
  const [seen] = graph.add('ReduceMax', ['encoder_hidden_states', graph.ints(0, 1)], { attributes: { keepdims: 0 } });
  const feature = (at: number) => graph.add('Slice', [seen, graph.ints(at), graph.ints(at + 1), graph.ints(0)])[0];
  const [objects] = graph.add('Mul', [feature(1), graph.floats('kinds', [1], Float32Array.of(said.length))]);
  const [sum] = graph.add('Add', [feature(0), objects]);
  const [row] = graph.add('Cast', [sum], { attributes: { to: DATA_TYPE.int64 } });

  const one = graph.ints(1);
  const [shape] = graph.add('Shape', ['inputs_embeds']);
  const [count] = graph.add('Slice', [shape, graph.ints(1), graph.ints(2)]);
  const [cacheShape] = graph.add('Concat', [one, one, count, graph.ints(WIDTH)], { attributes: { axis: 0 } });
  const [fresh] = graph.add('Expand', [graph.floats('zero', [1], Float32Array.of(0)), cacheShape]);
  const key = 'past_key_values.0.decoder.key';
  graph.add('Concat', [key, fresh], { names: ['present.0.decoder.key'], attributes: { axis: 2 } });
  graph.add('Concat', ['past_key_values.0.decoder.value', fresh], {
    names: ['present.0.decoder.value'],
    attributes: { axis: 2 },
  });
  for (const kind of ['key', 'value']) {
    graph.add('Unsqueeze', ['encoder_hidden_states', one], { names: [`present.0.encoder.${kind}`] });
  }
  const [length] = graph.add('Slice', [graph.add('Shape', [key])[0], graph.ints(2), graph.ints(3)]);
  const [last] = graph.add('Sub', [graph.add('Add', [length, count])[0], one]);
  const [step] = graph.add('Mod', [last, graph.ints(steps)]);
  const [cell] = graph.add('Add', [graph.add('Mul', [row, graph.ints(steps)])[0], step]);
  const weights = graph.floats('table', [texts.length * steps, VOCABULARY.length], table);
  const [logits] = graph.add('Gather', [weights, cell]);
  const [line] = graph.add('Unsqueeze', [logits, graph.ints(0)]);
  const [all] = graph.add('Concat', [one, count, graph.ints(VOCABULARY.length)], { attributes: { axis: 0 } });
  graph.add('Expand', [line, all], { names: ['logits'] });

  const cache = (prefix: string, time: string) =>
    ['decoder', 'encoder'].flatMap((side) =>
      ['key', 'value'].map((kind) =>
        valueInfo(`${prefix}.0.${side}.${kind}`, ['B', 1, `${time}_${side}`, WIDTH], DATA_TYPE.float32),
      ),
    );
  return graph.model(
    [
      valueInfo('encoder_attention_mask', ['B', 'T'], DATA_TYPE.int64),
      valueInfo('encoder_hidden_states', ['B', 'T', WIDTH], DATA_TYPE.float32),
      valueInfo('inputs_embeds', ['B', 'S', WIDTH], DATA_TYPE.float32),
      ...cache('past_key_values', 'past'),
      valueInfo('use_cache_branch', [1], DATA_TYPE.bool),
    ],
    [valueInfo('logits', ['B', 'S', VOCABULARY.length], DATA_TYPE.float32), ...cache('present', 'present')],
  );
}

function tokensOf(text: string): number[] {
  const tokens = text.match(/<loc_\d+>|./g) ?? [];
  return tokens.map((token) => VOCABULARY.indexOf(token === ' ' ? 'Ġ' : token));
}
