import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { cpuMsOfTree, memoryOfTree, parseStat } from './proc.ts';

it('reads a line of /proc/PID/stat, whatever the process is called', () => {
  const rest = 'S 7 42 42 0 -1 4194560 1 2 3 4 150 25 9 9 20 0 1 0 99 1000 200';
  expect(parseStat(`42 (node) ${rest}`)).toEqual({ pid: 42, parent: 7, cpuMs: 1750 });
  expect(parseStat(`42 (a b) (c)) ${rest}`)).toEqual({ pid: 42, parent: 7, cpuMs: 1750 });
  expect(parseStat('')).toBeNull();
  expect(parseStat(null)).toBeNull();
});

it.runIf(process.platform === 'linux')('counts a process with its descendants', async () => {
  const busy = 'const end = process.cpuUsage().user + 60_000; while (process.cpuUsage().user < end);';
  const child = spawn(process.execPath, ['-e', `${busy} process.stdout.write("done"); process.stdin.resume()`], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  try {
    await once(child.stdout, 'data');
    const pid = child.pid ?? 0;
    expect(cpuMsOfTree(pid)).toBeGreaterThanOrEqual(50);
    const memory = memoryOfTree(pid);
    expect(memory.nowMiB).toBeGreaterThan(10);
    expect(memory.peakMiB).toBeGreaterThanOrEqual(memory.nowMiB);
    expect(memoryOfTree(process.pid).nowMiB).toBeGreaterThan(memory.nowMiB);
  } finally {
    child.kill('SIGKILL');
  }
});

it.runIf(process.platform === 'linux')('counts nothing for a process that is not there', () => {
  expect(cpuMsOfTree(2 ** 30)).toBe(0);
  expect(memoryOfTree(2 ** 30)).toEqual({ nowMiB: 0, peakMiB: 0 });
});
