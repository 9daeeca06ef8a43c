import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { runCommand } from '#kit/command.ts';
import { installedVersion, OPTIONAL_PACKAGES, type OptionalPackage } from '#runtime/optional.ts';

/** What a figure means nothing without: the machine, how busy it was, and the versions that ran. */
export async function describeMachine() {
  const { stdout } = await runCommand('git', ['rev-parse', '--short', 'HEAD']);
  const packages = Object.keys(OPTIONAL_PACKAGES) as OptionalPackage[];
  return {
    cpu: cpus()[0]?.model ?? null,
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    loadAverage: loadavg()[0] ?? null,
    node: process.versions.node,
    commit: stdout.trim() || null,
    packages: Object.fromEntries(packages.map((name) => [name, installedVersion(name)])),
  };
}
