/** Its name in the model store and in reports. */
export const ID = 'moonshine-tiny';

/** Paths inside the model's folder. `followingDecoder` is made at import; without it word times are interpolated. */
export const FILES = {
  encoder: 'onnx/encoder_model_quantized.onnx',
  decoder: 'onnx/decoder_model_merged_quantized.onnx',
  followingDecoder: 'onnx/decoder_model_merged_alignment.onnx',
  tokenizer: 'tokenizer.json',
} as const;

/** So many of a prompt's rarer words are favoured. Of a longer prompt its end counts, as with Whisper. */
export const MOST_PROMPT_WORDS = 200;
