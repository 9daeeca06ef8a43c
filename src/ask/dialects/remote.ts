import type { ModelCapabilities } from '#contract/capabilities.ts';
import type { Patience } from '#upstream/send.ts';
import type { Keys, Vendor } from '#vendors/index.ts';

/** Everything needed to talk to one model behind an API. */
export interface RemoteOptions {
  /** As users name it: `qwen:qwen3-vl-plus`. */
  readonly id: string;
  /** The model's name as the server knows it. */
  readonly model: string;
  readonly baseUrl: URL;
  readonly keys: Keys;
  /** Where the key is set, for hints. */
  readonly keyName: string;
  readonly maxTokensField: Vendor['maxTokensField'];
  readonly capabilities: ModelCapabilities;
  readonly patience?: Partial<Patience> | undefined;
}
