// Builds dist/ from src/: compiled into a folder beside it and moved into place, so that nobody meets half a build.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
const fresh = join(root, `dist.${process.pid}`);
const old = join(root, `dist.${process.pid}.old`);

const lock = join(root, 'dist.lock');
const startedMs = Date.now();

// Many who start at once on changed sources would each compile them, a gigabyte each: the others wait for the first.
while (!taken()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
const builtMs = statSync(join(root, 'dist'), { throwIfNoEntry: false })?.ctimeMs ?? 0;
if (builtMs > startedMs) {
  rmSync(lock, { force: true });
  process.exit(0);
}

try {
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', fresh], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exitCode = 1;
  else install();
} finally {
  for (const folder of [fresh, old, lock]) rmSync(folder, { recursive: true, force: true });
}

/** Whether the lock is ours now: a new one, or one whose owner is gone. */
function taken() {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    try {
      process.kill(Number(readFileSync(lock, 'utf8')) || process.pid, 0);
    } catch {
      rmSync(lock, { force: true });
    }
    return false;
  }
}

function install() {
  cpSync(join(root, 'src'), fresh, {
    recursive: true,
    filter: (path) => !path.includes('__fixtures__') && (!/\.[a-z]+$/.test(path) || path.endsWith('.json')),
  });
  if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old);
  renameSync(fresh, join(root, 'dist'));
}
