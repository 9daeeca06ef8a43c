// Builds dist/ from src/: compiled into a folder beside it and moved into place, so that nobody meets half a build.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
const fresh = join(root, `dist.${process.pid}`);
const old = join(root, `dist.${process.pid}.old`);

try {
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', fresh], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exitCode = 1;
  else install();
} finally {
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
}

function install() {
  cpSync(join(root, 'src'), fresh, {
    recursive: true,
    filter: (path) => !path.includes('__fixtures__') && (!/\.[a-z]+$/.test(path) || path.endsWith('.json')),
  });
  if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old);
  renameSync(fresh, join(root, 'dist'));
}
