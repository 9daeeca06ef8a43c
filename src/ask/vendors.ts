import type { ModelFacts } from './capabilities.ts';

/** A vendor whose API is OpenAI's: where it lives and how to talk to it. One row is all such a vendor needs. */
export interface Vendor {
  /** What stands before the colon in a model id: `openai:gpt-4o`. */
  readonly name: string;
  readonly title: string;
  /** Up to and including the version, without a closing slash. */
  readonly baseUrl: string;
  /** The environment variable a key for it usually lies in; what config reads and hints name. */
  readonly keyName: string;
  /** What the longest answer is called in a request. A server that refuses this name is asked again with the other. */
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** What its models can do, by their names; the first row that fits counts. A model in no row is unknown. */
  readonly models: readonly { readonly names: RegExp; readonly facts: ModelFacts; readonly source: string }[];
}

const OPENAI_SPEC = 'OpenAI’s API description 2.3.0';

export const VENDORS: readonly Vendor[] = [
  {
    name: 'openai',
    title: 'OpenAI, and any server that speaks its API',
    baseUrl: 'https://api.openai.com/v1',
    keyName: 'OPENAI_API_KEY',
    maxTokensField: 'max_completion_tokens',
    models: [
      {
        names: /^text-embedding-/,
        facts: { input: ['text'], output: [], embeddings: true },
        source: OPENAI_SPEC,
      },
      {
        names: /^gpt-(?:4o(?:-mini)?-)?audio(?:-|$)/,
        facts: { input: ['text', 'audio'], output: ['text', 'audio'], embeddings: false },
        source: OPENAI_SPEC,
      },
      {
        // Not the models for speech, search and pictures that bear the same name.
        names: /^gpt-(?:4o|4\.1|5)(?!.*-(?:audio|realtime|transcribe|tts|search|image))/,
        facts: { input: ['text', 'image', 'document'], output: ['text'], embeddings: false },
        source: OPENAI_SPEC,
      },
    ],
  },
];
