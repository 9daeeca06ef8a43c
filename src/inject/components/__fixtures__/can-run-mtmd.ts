import { createRequire } from 'node:module';
import { installedVersion } from '#runtime/optional.ts';

/** What is missing here to run a projector; `null` where nothing is. */
export function missingForMtmd(): string | null {
  const missing = (['koffi', '@fugood/llama.node', 'sharp'] as const).filter((name) => installedVersion(name) === null);
  if (missing.length > 0) return missing.join(', ');
  try {
    createRequire(import.meta.url).resolve(`@fugood/node-llama-${process.platform}-${process.arch}/index.node`);
    return null;
  } catch {
    return 'a build of the library for this machine';
  }
}
