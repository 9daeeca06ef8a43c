import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addKeys } from './keys.ts';

/** What `keys create` would work with, given these words. */
async function optionsOf(...words: string[]): Promise<Record<string, unknown>> {
  const program = new Command();
  let options: Record<string, unknown> = {};
  addKeys(program, () => async (...given) => {
    options = given.at(-2) as Record<string, unknown>;
  });
  for (const command of program.commands.flatMap((one) => one.commands))
    command.exitOverride().configureOutput({ writeErr: () => {} });
  await program.parseAsync(['keys', 'create', ...words], { from: 'user' });
  return options;
}

it.each([
  ['--per-minute', '0'],
  ['--per-day', 'many'],
  ['--at-once', '1.5'],
  ['--at-once', '-1'],
  ['--expires', '2020-01-01'],
  ['--expires', '2099-12-31T10:00'],
  ['--expires', '2099-13-31'],
  ['--expires', '0d'],
  ['--expires', '999999999999d'],
  ['--name', 'two\nlines'],
  ['--name', ''],
  ['--name', 'x'.repeat(65)],
])('%s %j is refused', async (...words) => {
  await expect(optionsOf(...words)).rejects.toMatchObject({ code: 'commander.invalidArgument' });
});

it('a day as expiry means until its end, a moment that moment', async () => {
  expect(await optionsOf('--expires', '2099-12-31')).toMatchObject({ expires: new Date('2099-12-31T23:59:59.999Z') });
  expect(await optionsOf('--expires', '2099-12-31T18:00Z')).toMatchObject({ expires: new Date('2099-12-31T18:00Z') });
});

it('a length of time counts from now', async () => {
  const before = Date.now();
  const { expires } = await optionsOf('--expires', '2d');
  expect((expires as Date).getTime()).toBeGreaterThanOrEqual(before + 2 * 86_400_000);
  expect((expires as Date).getTime()).toBeLessThanOrEqual(Date.now() + 2 * 86_400_000);
});
