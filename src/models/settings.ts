import { join, resolve } from 'node:path';

/** Where model files may come from; one file in sources/ each. */
export type SourceId = 'inline' | 'folder' | 'mirror' | 'huggingface' | 'modelscope' | 'npm' | 'pip' | 'url';

/** Everything the store must be told; it reads no environment. */
export interface ModelStoreSettings {
  /** Models are installed in `<home>/models/<model>/`. */
  readonly home: string;
  /** Forbids every source that needs a network; `folder` and `inline` still work. */
  readonly offline: boolean;
  /** Tried in this order. What the catalogue holds itself (`inline`) always comes first. */
  readonly sources: readonly SourceId[];
  /** A folder with `<model>/<path>` or, as on the hub, `<owner>/<repository>/<path>`. Tried first unless `sources` places it. */
  readonly folder?: string | null | undefined;
  /** Address of a web server laid out by model ids or as the hub is. Tried after `folder` unless `sources` places it. */
  readonly mirror?: string | null | undefined;
  readonly hf: { readonly endpoint: string; readonly token?: string | null | undefined };
  readonly modelscope?: { readonly endpoint: string } | undefined;
  /**
   * A folder of further catalogue entries, one JSON file each; one that bears the id of ours takes its place.
   * `<home>/catalogue` unless said otherwise; `null` for none.
   */
  readonly catalogue?: string | null | undefined;
  readonly timeouts?: Partial<SourceTimeouts> | undefined;
}

/** How long a source may keep us waiting before the next one is asked. */
export interface SourceTimeouts {
  readonly connectMs: number;
  /** For the head of a reply. */
  readonly headMs: number;
  /** For the next byte. */
  readonly stallMs: number;
}

export const SOURCE_TIMEOUTS: SourceTimeouts = { connectMs: 4_000, headMs: 8_000, stallMs: 30_000 };

/** Where the user's own catalogue entries are, or would be. */
export function catalogueFolderOf({ home, catalogue }: ModelStoreSettings): string | null {
  return catalogue === undefined ? join(resolve(home), 'catalogue') : catalogue;
}
