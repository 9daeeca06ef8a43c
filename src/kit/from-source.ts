import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** What Node must be told to run a module of ours in a new process: nothing once compiled, the loader when from source. */
export function loaderFlags(module: string): string[] {
  if (!module.endsWith('.ts')) return [];
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return ['--conditions=sensorium-source', '--import', loader];
}
