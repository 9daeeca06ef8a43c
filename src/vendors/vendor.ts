import type { KindLimits, ModelRules } from '#contract/capabilities.ts';
import type { MediaKind } from '#contract/media.ts';

/** What somebody knows of a model behind an API. A kind of a list counts as taken, one that is not in it as not taken. */
export interface ModelFacts {
  readonly input?: readonly MediaKind[] | undefined;
  /** Kinds of media one by one, where nothing is said of the others. */
  readonly takes?: Readonly<Partial<Record<MediaKind, boolean>>> | undefined;
  readonly output?: readonly ('text' | 'audio')[] | undefined;
  readonly embeddings?: boolean | undefined;
  readonly contextTokens?: number | undefined;
  readonly languages?: readonly string[] | undefined;
  readonly limits?: Readonly<Partial<Record<MediaKind, KindLimits>>> | undefined;
  readonly rules?: ModelRules | undefined;
  readonly prices?: Prices | undefined;
}

/** What a million tokens cost, and the day the price was read (`YYYY-MM-DD`). */
export interface Prices {
  /** ISO 4217. */
  readonly currency: string;
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
  readonly inputAudioPerMillion?: number | undefined;
  readonly outputAudioPerMillion?: number | undefined;
  readonly cachedPerMillion?: number | undefined;
  readonly date: string;
}

/** What is known of a vendor's models with such names, who says so, and when that was read (`YYYY-MM-DD`). */
export interface ModelRow {
  readonly names: RegExp;
  readonly facts: ModelFacts;
  readonly source: string;
  readonly date: string;
}

/** The secrets and names that open a vendor's servers. */
export interface Keys {
  readonly apiKey: string | null;
  /** iFlytek’s APISecret, Baidu’s Secret Key. */
  readonly apiSecret: string | null;
  /** iFlytek’s APPID. */
  readonly appId: string | null;
}

/** Somebody whose models can be asked. One whose API is OpenAI’s is described whole by one of these. */
export interface Vendor {
  /** What stands before the colon in a model id: `qwen:qwen3-vl-plus`. */
  readonly name: string;
  readonly title: string;
  /** Where its API lives, up to and including the version, without a closing slash. */
  readonly baseUrl: string;
  /** The same API for other parts of the world. */
  readonly regions?: Readonly<Record<string, string>> | undefined;
  /** Which dialect its language models speak; `null` where it has none. */
  readonly dialect: string | null;
  /** Environment variables its keys usually lie in; what config reads and hints name. */
  readonly variables: Readonly<Partial<Record<keyof Keys | 'baseUrl', string>>>;
  /** `false` for servers people run themselves. */
  readonly needsKey: boolean;
  /** What the longest answer is called in a request. A server that refuses this name is asked again with the other. */
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** People give this name to any server that speaks the API, so its rows count only at its own address. */
  readonly isAlsoAnApi?: boolean | undefined;
  /** `false` where it has no list of its models. */
  readonly listsModels?: boolean | undefined;
  /** What its models can do, by their names; the first row that fits counts. A model in no row is unknown. */
  readonly models: readonly ModelRow[];
}
