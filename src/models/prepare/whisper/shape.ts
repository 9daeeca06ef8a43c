import type { Ctranslate2Model } from './ctranslate2.ts';

/** The sizes of a Whisper model. All of OpenAI's have a feed-forward width of 4 × `width` and heads of 64. */
export interface WhisperShape {
  readonly width: number;
  readonly inner: number;
  readonly heads: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  readonly mels: number;
  /** Positions of the encoder: 1500, for 30 s. */
  readonly frames: number;
  /** Positions of the decoder: 448. */
  readonly tokens: number;
  readonly vocabulary: number;
}

/** Reads a Whisper model's sizes from its variables. Throws an `Error` when it is not a Whisper this importer knows. */
export async function shapeOfWhisper(model: Ctranslate2Model): Promise<WhisperShape> {
  if (model.spec !== 'WhisperSpec') throw new Error(`This is a ${model.spec || 'nameless'} model, not a Whisper.`);
  const size = (name: string, axis: number) => {
    const found = model.dims(name)?.[axis];
    if (!found) throw new Error(`The model has no ${name}.`);
    return found;
  };
  const layersOf = (side: string) => {
    let layers = 0;
    while (model.dims(`${side}/layer_${layers}/ffn/linear_0/weight`)) layers += 1;
    if (layers === 0) throw new Error(`The model’s ${side} has no layers.`);
    return layers;
  };
  const heads = await model.integer('decoder/num_heads');
  const shape = {
    width: size('decoder/embeddings/weight', 1),
    inner: size('decoder/layer_0/ffn/linear_0/weight', 0),
    heads,
    encoderLayers: layersOf('encoder'),
    decoderLayers: layersOf('decoder'),
    mels: size('encoder/conv1/weight', 1),
    frames: size('encoder/position_encodings/encodings', 0),
    tokens: size('decoder/position_encodings/encodings', 0),
    vocabulary: size('decoder/embeddings/weight', 0),
  };
  if (heads < 1 || shape.width % heads !== 0 || (await model.integer('encoder/num_heads')) !== heads) {
    throw new Error(`The model’s ${shape.width} channels cannot be shared out among ${heads} heads.`);
  }
  return shape;
}
