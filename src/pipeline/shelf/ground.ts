import type { Config } from '#config/index.ts';
import type { VectorStore } from '#contract/vector-store.ts';
import type { Parts } from '../parts.ts';
import type { MediaFiles } from './media-files.ts';
import type { Records } from './records.ts';
import type { OpenSpace } from './spaces.ts';

/** What everything of the shelf stands on. Engine and spaces are opened when first needed. */
export interface Ground {
  /** Holds the records (`records/`), the media (`media/`) and, where the engine has a folder, the vectors. */
  readonly folder: string;
  readonly settings: Pick<Config['store'], 'keepMedia' | 'chunkTokens' | 'chunkOverlap' | 'maxMbPerKey'>;
  readonly parts: Parts;
  readonly media: MediaFiles;
  records(tenant: string): Records;
  engine(signal: AbortSignal): Promise<VectorStore>;
  /** Every space something can be put into or looked for in here, the text space first, each opened in the engine. */
  spaces(signal: AbortSignal): Promise<readonly OpenSpace[]>;
  now(): number;
}
