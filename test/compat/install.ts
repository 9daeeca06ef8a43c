import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Client, manifestOf, NODE_RELEASES } from './clients.ts';
import { runProgram } from './program.ts';

/** Where what the judges need is kept between runs: beside other tools' caches, never among the product's own packages. */
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sensorium-compat');

/** Installs what a manifest names, once, and gives the folder. Throws with the installer's own words. */
export async function install(id: string, kind: Client['runtime']['kind']): Promise<string> {
  const { text } = manifestOf(id, kind);
  const source = new URL(`clients/${id}/`, import.meta.url).pathname;
  return once(`${id}-${kind === 'python' ? await pythonVersion() : ''}`, text, async (folder) => {
    if (kind === 'node') {
      copyFileSync(join(source, 'package.json'), join(folder, 'package.json'));
      await runProgram('npm', [...NPM_INSTALL, '--prefix', folder]);
      return;
    }
    await runProgram('python3', ['-m', 'venv', join(folder, 'venv')]);
    await runProgram(join(folder, 'venv/bin/python'), [
      ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-compile', '--prefer-binary'],
      ...['-r', join(source, 'requirements.txt')],
    ]);
  });
}

/** The program that runs a client: this Node or another line of it, which comes as a package, or the Python of its folder. */
export async function interpreter({ runtime }: Client, folder: string): Promise<string> {
  if (runtime.kind === 'python') return join(folder, 'venv/bin/python');
  if (process.versions.node.startsWith(`${runtime.line}.`)) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const version = NODE_RELEASES[runtime.line];
  const node = await once(`node-${version}`, name, async (into) => {
    await runProgram('npm', [...NPM_INSTALL, '--prefix', into, `${name}@${version}`]);
  });
  return join(node, `node_modules/${name}/bin/node`);
}

const NPM_INSTALL = ['install', '--silent', '--no-audit', '--no-fund', '--no-package-lock', '--engine-strict=false'];

/** Which Python there is, as part of a folder’s name. Throws where there is none. */
export async function pythonVersion(): Promise<string> {
  const { stdout } = await runProgram('python3', ['--version']);
  return stdout.trim().replace('Python ', 'py');
}

const running = new Map<string, Promise<string>>();

/** Makes a folder once for what describes it; one that was not finished is never taken for a finished one. */
export function once(name: string, described: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cache, `${name}-${createHash('sha256').update(described).digest('hex').slice(0, 12)}`);
  const made =
    running.get(folder) ??
    (async () => {
      if (existsSync(join(folder, 'complete'))) return folder;
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      await fill(folder);
      writeFileSync(join(folder, 'incomplete'), '');
      renameSync(join(folder, 'incomplete'), join(folder, 'complete'));
      return folder;
    })();
  running.set(folder, made);
  return made;
}
