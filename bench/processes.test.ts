import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { processTree, residentMiB } from './processes.ts';

it('counts a process together with its descendants, except those left out', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); process.stdin.resume()'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  try {
    const tree = await processTree(process.pid);
    expect([...tree.keys()]).toEqual(expect.arrayContaining([process.pid, child.pid]));
    // A bare Node process is some 40 MiB; shared with nobody's test run.
    expect(await residentMiB(child.pid ?? 0)).toBeGreaterThan(10);
    const others = [...tree.keys()].filter((pid) => pid !== child.pid);
    expect(await residentMiB(process.pid, others)).toBeLessThan(
      (tree.get(process.pid) ?? 0) + (tree.get(child.pid ?? 0) ?? 0),
    );
  } finally {
    child.kill('SIGKILL');
  }
});
