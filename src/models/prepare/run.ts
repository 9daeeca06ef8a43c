import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SensoriumError } from '#contract/error.ts';
import { runCommand } from '#kit/command.ts';
import { loaderFlags } from '#kit/from-source.ts';
import { PREPARATIONS } from './index.ts';
import type { Preparation } from './preparation.ts';

/** The list of preparations and the module a child process reads the same list from. */
export interface PreparationRegistry {
  readonly list: readonly Preparation[];
  readonly module: URL;
}

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

export const REGISTRY: PreparationRegistry = {
  list: PREPARATIONS,
  module: new URL(`./index.${EXTENSION}`, import.meta.url),
};

/** Runs a preparation in a process of its own and leaves its output at `target`. Cancelling kills the process. */
export async function runPreparation(
  registry: PreparationRegistry,
  preparation: Preparation,
  place: { readonly model: string; readonly folder: string; readonly target: string },
  signal: AbortSignal,
): Promise<void> {
  const child = join(dirname(fileURLToPath(import.meta.url)), `child.${EXTENSION}`);
  const args = [...loaderFlags(child), child, registry.module.href, preparation.id, place.folder, place.target];
  const result = await runCommand(process.execPath, args, { signal });
  if (result.code === 0) return;
  if (/ENOSPC/.test(result.stderr)) throw Object.assign(new Error('No space left'), { code: 'ENOSPC' });
  throw new SensoriumError('models.preparation-failed', `${preparation.output} of ${place.model} could not be made.`, {
    hint: `Run \`sensorium models remove ${place.model}\`, then pull it again; if that does not help, report it with --verbose.`,
    details: { preparation: preparation.id },
    cause: new Error(result.stderr || (result.startError?.message ?? `exit code ${result.code}`)),
  });
}
