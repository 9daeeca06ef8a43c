import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '#kit/command.ts';

const PROJECT = fileURLToPath(new URL('./programs/tsconfig.json', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../node_modules/.cache/sensorium-bench-gateway', import.meta.url));

/**
 * Compiles the programs and answers the folder they are in. They run as plain JavaScript, so that no loader's memory and
 * time are counted as theirs; the folder is inside node_modules, so that they find their packages.
 */
export async function compilePrograms(signal: AbortSignal): Promise<string> {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const { code, stdout } = await runCommand(process.execPath, [compiler, '-p', PROJECT], { signal });
  if (code !== 0) throw new Error(`The benchmark's programs do not compile:\n${stdout}`);
  writeFileSync(join(FOLDER, 'package.json'), '{"type":"module"}\n');
  return FOLDER;
}
