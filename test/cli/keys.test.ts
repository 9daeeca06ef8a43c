import { expect, it } from 'vitest';
import { buildCli, emptyFolder, runCli } from './run-cli.ts';

buildCli();

it('a key is made, shown once, listed without itself, and revoked', async () => {
  const home = emptyFolder();
  const run = (...args: string[]) => runCli(['keys', ...args], { home });
  const made = await run('create', '--name', 'laptop', '--per-minute', '20', '--expires', '30d');
  // Alone on standard output, so that a shell can put it into a variable.
  expect(made.stdout).toMatch(/^sk-sensorium-[\w-]{43}\n$/);
  const [id = ''] = /key_[0-9a-f]{12}/.exec(made.stderr) ?? [];
  const list = await run('list');
  expect(list.stdout).toMatch(new RegExp(`^works +${id} laptop .*20 a minute`));
  expect(list.stdout).not.toContain('sk-sensorium');
  expect((await run('revoke', id, '--json')).stdout).toContain('"revokedAt":"');
  const { keys } = JSON.parse((await run('list', '--json')).stdout);
  expect(keys).toMatchObject([{ id, name: 'laptop', limits: { requestsPerMinute: 20, requestsAtOnce: null } }]);
  expect(JSON.stringify(keys)).not.toMatch(/[0-9a-f]{64}/);
});

it('a key may bring vectors only where that was said', async () => {
  const home = emptyFolder();
  const run = (...args: string[]) => runCli(['keys', ...args], { home });
  await run('create', '--name', 'plain');
  await run('create', '--name', 'trusted', '--vectors');
  const { keys } = JSON.parse((await run('list', '--json')).stdout);
  expect(keys.map(({ mayBringVectors }: { mayBringVectors?: boolean }) => mayBringVectors)).toEqual([undefined, true]);
  expect((await run('list')).stdout).toMatch(/trusted .*may bring vectors/);
});
