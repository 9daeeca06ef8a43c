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
}

export const VENDORS: readonly Vendor[] = [
  {
    name: 'openai',
    title: 'OpenAI, and any server that speaks its API',
    baseUrl: 'https://api.openai.com/v1',
    keyName: 'OPENAI_API_KEY',
    maxTokensField: 'max_completion_tokens',
  },
];
