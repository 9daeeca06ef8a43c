import type { ModelSource } from '#contract/ports.ts';
import type { CatalogueEntry, CatalogueFile } from '../catalogue.ts';
import type { ModelStoreSettings, SourceId, SourceTimeouts } from '../settings.ts';

/** What a source is opened with, once for each pull of a model. */
export interface SourceOpening {
  readonly settings: ModelStoreSettings;
  readonly timeouts: SourceTimeouts;
  readonly entry: CatalogueEntry;
  /** A folder of the pull's own. It stays when the pull is interrupted and goes when the model is complete. */
  readonly workFolder: string;
}

/** One place as the list in sources/index.ts holds it. */
export interface SourceKind {
  readonly id: SourceId;
  readonly needsNetwork: boolean;
  /** Where this source has a file, or `undefined` when it does not. */
  locate(file: CatalogueFile, settings: ModelStoreSettings): unknown;
  open(opening: SourceOpening): ModelSource;
}

/** How a source says that it could not help: in one sentence that names the place. The next one is then asked. */
export class SourceFailure extends Error {}
