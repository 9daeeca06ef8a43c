export interface EmbeddingOptions {
  /** A home folder with models; a part whose model is not there says so. */
  readonly home: string;
  readonly signal: AbortSignal;
  /** A few of everything. */
  readonly quick: boolean;
  tell(line: string): void;
}

/** Figures by name, in as many storeys as they need. */
export interface Figures {
  readonly [name: string]: Figures | readonly Figures[] | number | string | boolean | null | undefined;
}
