import type { Recogniser } from '#contract/ports.ts';
import type { Endpoint } from '#upstream/endpoint.ts';

/** Everything needed to hear with somebody else's server. */
export interface RemoteHearing extends Endpoint {
  /** As users name it: `qwen:qwen3-asr-flash`. */
  readonly id: string;
  /** The recogniser's name as the server knows it. */
  readonly model: string;
}

/** A kind of server that hears. */
export interface RemoteEngine {
  readonly about: string;
  /** Models it is known to have, the default first; others may be named too. */
  readonly models: readonly string[];
  open(hearing: RemoteHearing): Promise<Recogniser>;
}
