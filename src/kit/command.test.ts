import { expect, it } from 'vitest';
import { runCommand } from './command.ts';

const node = process.execPath;

it('collects what a program prints and its exit code', async () => {
  const result = await runCommand(
    node,
    ['-e', 'console.log(process.env.GIVEN); console.error("bad"); process.exit(3)'],
    { env: { GIVEN: 'x' } },
  );
  expect(result).toMatchObject({ code: 3, stdout: 'x\n', stderr: 'bad\n' });
});

it('says when there is no such program', async () => {
  const result = await runCommand('no-such-program-here', []);
  expect(result.startError?.code).toBe('ENOENT');
});

it('kills the program when cancelled or out of time', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 50);
  const forever = ['-e', 'setInterval(() => {}, 1000)'];
  await expect(runCommand(node, forever, { signal: stop.signal })).rejects.toMatchObject({ code: 'kit.cancelled' });
  expect((await runCommand(node, forever, { timeoutMs: 50 })).code).toBeNull();
});
