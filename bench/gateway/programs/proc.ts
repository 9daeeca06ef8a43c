import { readdirSync, readFileSync } from 'node:fs';

/** Linux tells user space about processor time in hundredths of a second, whatever the kernel counts in. */
const MS_PER_TICK = 10;
const KIB_PER_MIB = 1024;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMs: number;
}

/** Processor time a process and its living descendants have used so far, user and system, in ms (steps of 10). Linux only. */
export function cpuMsOfTree(root: number): number {
  return tree(root).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

/** Resident memory of a process tree in MiB: now, and the most there was (each process's own peak, summed). Linux only. */
export function memoryOfTree(root: number): { readonly nowMiB: number; readonly peakMiB: number } {
  let nowKib = 0;
  let peakKib = 0;
  for (const { pid } of tree(root)) {
    const status = readIfThere(`/proc/${pid}/status`) ?? '';
    nowKib += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    peakKib += Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return { nowMiB: nowKib / KIB_PER_MIB, peakMiB: peakKib / KIB_PER_MIB };
}

function tree(root: number): Stat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => parseStat(readIfThere(`/proc/${name}/stat`)))
    .filter((stat) => stat !== null);
  const family = new Set([root]);
  let known = 0;
  while (known < family.size) {
    known = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => family.has(pid));
}

/** Reads one line of /proc/PID/stat (fields as in proc(5)); null when it is not one. */
export function parseStat(line: string | null): Stat | null {
  // The name in brackets may hold spaces and brackets itself.
  const end = line?.lastIndexOf(')') ?? -1;
  if (!line || end < 0) return null;
  const fields = line.slice(end + 2).split(' ');
  const [, parent, , , , , , , , , , userTicks, systemTicks] = fields.map(Number);
  if (parent === undefined || userTicks === undefined || systemTicks === undefined) return null;
  return { pid: Number.parseInt(line, 10), parent, cpuMs: (userTicks + systemTicks) * MS_PER_TICK };
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
