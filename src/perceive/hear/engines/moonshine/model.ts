/** Its name in the model store and in reports. */
export const ID = 'moonshine-tiny';

/** Paths inside the model's folder. `followingDecoder` is made at import; without it word times are interpolated. */
export const FILES = {
  encoder: 'onnx/encoder_model_quantized.onnx',
  decoder: 'onnx/decoder_model_merged_quantized.onnx',
  followingDecoder: 'onnx/decoder_model_merged_alignment.onnx',
  tokenizer: 'tokenizer.json',
} as const;
