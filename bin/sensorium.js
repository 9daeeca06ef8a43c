#!/usr/bin/env node
// From a packed install dist/ is there; from a checkout it is built when missing or older than src/.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(root, 'dist', 'cli', 'main.js');
const source = join(root, 'src');

if (existsSync(source) && isStale()) {
  process.stderr.write('Building sensorium from source (once)…\n');
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.js')], { stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(1);
}

const { main: run } = await import(pathToFileURL(main).href);
process.exitCode = await run(process.argv.slice(2));

function isStale() {
  if (!existsSync(main)) return true;
  const builtMs = statSync(main).mtimeMs;
  return readdirSync(source, { recursive: true, withFileTypes: true }).some(
    (entry) =>
      entry.isFile() &&
      !entry.name.endsWith('.test.ts') &&
      statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs > builtMs,
  );
}
