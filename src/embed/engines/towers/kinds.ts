/** A pair of encoders that put texts and one kind of media into one space. */
export interface TowerKind {
  /** What a reference begins with: `clip:/FOLDER`. */
  readonly name: string;
  readonly media: 'image' | 'audio';
  /** `model_type` in its config.json. */
  readonly modelTypes: readonly string[];
  /** Names of its graphs below `onnx/`, without what stands for the kind of weights. */
  readonly graphs: { readonly text: string; readonly media: string };
  /** Classes of the library that run them, and the output that holds the vector. */
  readonly classes: { readonly text: string; readonly media: string };
  readonly outputs: { readonly text: string; readonly media: string };
  /** The longest text in tokens, its marks among them. */
  readonly maxTokens: number;
  /** Filled up to the longest text always, as it was trained; else to the longest of a batch. */
  readonly fillsAlways: boolean;
  readonly lowerCase: boolean;
  /** BCP 47 tags of what it was trained on. */
  readonly languages: readonly string[] | 'any';
  readonly preprocessing: string;
  /** Where to get one. */
  readonly hint: string;
}

const FILES = 'onnx/ beside config.json, preprocessor_config.json, tokenizer.json and tokenizer_config.json';

/**
 * SigLIP 2: Tschannen et al. 2025, arXiv:2502.14786; texts in small letters, filled up to 64 tokens (with other filling the vectors of the
 * first SigLIP moved to a cosine of 0.706). CLIP: Radford et al. 2021, arXiv:2103.00020; 77 tokens. CLAP: Wu et al. 2023,
 * arXiv:2211.06687, model laion/clap-htsat-unfused; 48 kHz, ten seconds; its text tower is RoBERTa with 512 positions.
 */
export const TOWER_KINDS: readonly TowerKind[] = [
  {
    name: 'siglip2',
    media: 'image',
    modelTypes: ['siglip'],
    graphs: { text: 'text_model', media: 'vision_model' },
    classes: { text: 'SiglipTextModel', media: 'SiglipVisionModel' },
    outputs: { text: 'pooler_output', media: 'pooler_output' },
    maxTokens: 64,
    fillsAlways: true,
    lowerCase: true,
    languages: 'any',
    preprocessing: 'small letters; filled to 64 tokens; pictures as preprocessor_config.json says; length 1',
    hint: `Get onnx-community/siglip2-base-patch16-224-ONNX from a hub: text_model and vision_model in ${FILES}. The NaFlex variants are other models.`,
  },
  {
    name: 'clip',
    media: 'image',
    modelTypes: ['clip'],
    graphs: { text: 'text_model', media: 'vision_model' },
    classes: { text: 'CLIPTextModelWithProjection', media: 'CLIPVisionModelWithProjection' },
    outputs: { text: 'text_embeds', media: 'image_embeds' },
    maxTokens: 77,
    fillsAlways: false,
    lowerCase: false,
    languages: ['en'],
    preprocessing: 'pictures as preprocessor_config.json says; length 1',
    hint: `Get Xenova/clip-vit-base-patch32 from a hub: text_model and vision_model in ${FILES}.`,
  },
  {
    name: 'clap',
    media: 'audio',
    modelTypes: ['clap'],
    graphs: { text: 'text_model', media: 'audio_model' },
    classes: { text: 'ClapTextModelWithProjection', media: 'ClapAudioModelWithProjection' },
    outputs: { text: 'text_embeds', media: 'audio_embeds' },
    maxTokens: 512,
    fillsAlways: false,
    lowerCase: false,
    languages: ['en'],
    preprocessing: '48 kHz out of 16 kHz; windows of ten seconds, repeated to fill, their mean; length 1',
    hint: `Get Xenova/clap-htsat-unfused from a hub: text_model and audio_model in ${FILES}.`,
  },
];
