import { startWorker, workerModule } from '../worker/host.ts';
import type { Encodable, EncodedPiece, ProjectorFacts, ProjectorFiles } from './projector.ts';

/** A projector in a process of its own. */
export interface ProjectorProcess {
  facts(signal: AbortSignal): Promise<ProjectorFacts>;
  encode(medium: Encodable, signal: AbortSignal): Promise<readonly EncodedPiece[]>;
  close(): Promise<void>;
}

/** Prepares a process for a projector; it starts with the first call. Throws `inject.component-unusable` and `runtime.*` from its calls. */
export function startProjector(files: ProjectorFiles): ProjectorProcess {
  const worker = startWorker(workerModule(import.meta.url));
  return {
    facts: (signal) => worker.call('open', files, signal),
    encode: (medium, signal) => worker.call('encode', { files, medium }, signal),
    close: () => worker.close(),
  };
}
