import { existsSync, readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { runCommand } from '#kit/command.ts';

const PACKAGES = ['onnxruntime-node', '@huggingface/transformers', 'node-llama-cpp'];

/** What a figure means nothing without: the machine, how busy it was, and the versions that ran. */
export async function describeMachine() {
  const { stdout } = await runCommand('git', ['rev-parse', '--short', 'HEAD']);
  return {
    cpu: cpus()[0]?.model ?? null,
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    loadAverage: loadavg()[0] ?? null,
    node: process.versions.node,
    commit: stdout.trim() || null,
    packages: Object.fromEntries(PACKAGES.map((name) => [name, installedVersion(name)])),
  };
}

export type Machine = Awaited<ReturnType<typeof describeMachine>>;

function installedVersion(name: string): string | null {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  if (!existsSync(manifest)) return null;
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
