import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** How many child processes this one has, by the system's own list; 0 where there is no such list. */
export function childProcesses(): number {
  if (!existsSync('/proc/self/status')) return 0;
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/status`, 'utf8').includes(`\nPPid:\t${process.pid}\n`);
    } catch {
      // It ended in the meantime.
      return false;
    }
  }).length;
}
