import { runCommand } from '#kit/command.ts';

const KIB_PER_MIB = 1024;

/**
 * A process and all its descendants with the resident memory of each, in MiB. Pages they share (a model file mapped by
 * two of them) count for each. Works where `ps` does: Linux and macOS.
 */
export async function processTree(root: number): Promise<ReadonlyMap<number, number>> {
  const { stdout, code } = await runCommand('ps', ['-A', '-o', 'pid=,ppid=,rss=,comm=']);
  if (code !== 0) throw new Error('`ps` is needed to measure memory.');
  const all = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , command]) => command !== 'ps')
    .map(([pid, parent, rssKib]) => [Number(pid), Number(parent), Number(rssKib)] as const);
  const family = new Set([root]);
  let known = 0;
  while (known < family.size) {
    known = family.size;
    for (const [pid, parent] of all) if (family.has(parent)) family.add(pid);
  }
  return new Map(all.filter(([pid]) => family.has(pid)).map(([pid, , rssKib]) => [pid, rssKib / KIB_PER_MIB]));
}

/** Resident memory of a process tree in MiB, leaving out some of its processes. */
export async function residentMiB(root: number, except: Iterable<number> = []): Promise<number> {
  const left = new Set(except);
  return [...(await processTree(root))].reduce((sum, [pid, mib]) => (left.has(pid) ? sum : sum + mib), 0);
}
