/** What the worker loads. Sent with each call, as a worker's process may be a new one. */
export interface KokoroSettings {
  /** Folder with `model.onnx` or, better, `model-float-conv.onnx`; `vocab.json`; `voices/<id>.bin`. */
  readonly modelDir: string;
  /** Folders of the pronunciation data, as `createEnglishPhonemizer` wants them. */
  readonly lexiconDir: string;
  readonly g2pDir: string;
  readonly threads: number;
}

export interface KokoroSentence extends KokoroSettings {
  readonly text: string;
  /** Full voice id, such as `af_heart`. */
  readonly voice: string;
  readonly speed: number;
}

/** What the worker says while it speaks one sentence. */
export type KokoroReply =
  /** Words or symbols of the text for which this voice has no sound; they are left out. */
  | { readonly kind: 'unpronounced'; readonly texts: readonly string[] }
  | { readonly kind: 'sound'; readonly pcm: Float32Array };
