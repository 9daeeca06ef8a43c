import { type Command, InvalidArgumentError } from 'commander';
import type { listKeys } from '#server/index.ts';
import { type CommonOptions, commonOptions, type Run } from '../run.ts';
import type { Terminal } from '../terminal.ts';

interface CreateOptions extends CommonOptions {
  name: string;
  perMinute?: number;
  perDay?: number;
  atOnce?: number;
  expires?: Date;
  vectors?: boolean;
}

type ListedKey = ReturnType<typeof listKeys>[number];

// The server is loaded by the work itself, so that no other command waits for it.
const server = () => import('#server/index.ts');

export function addKeys(program: Command, run: Run): void {
  const keys = program
    .command('keys')
    .summary('who may call the server; create, list and revoke keys')
    .description('The keys that open the server. A running server takes up every change within a second.');

  commonOptions(keys.command('create'))
    .summary('make a key and print it, once')
    .option('--name <name>', 'what to call it in lists and logs', keyName, 'unnamed')
    .option('--per-minute <n>', 'most requests in a minute; the server’s own limit when left out', count)
    .option('--per-day <n>', 'most requests in a day', count)
    .option('--at-once <n>', 'most requests at the same time', count)
    .option(
      '--expires <when>',
      'a day (2030-12-31), a moment (2030-12-31T18:00Z) or a time from now (12h, 90d)',
      moment,
    )
    .option('--vectors', 'let it bring vectors (prompt_embeds), where inject.accept is set; for people you trust')
    .addHelpText(
      'after',
      '\nOnly its hash is kept, so a lost key cannot be shown again: make a new one.\n\nExamples:\n  sensorium keys create --name laptop\n  sensorium keys create --name guest --per-minute 20 --per-day 500 --expires 30d\n  export OPENAI_API_KEY=$(sensorium keys create --name script)',
    )
    .action(
      run<CreateOptions>(async ({ terminal, loaded }, { name, perMinute, perDay, atOnce, expires, vectors }) => {
        const { key, secret } = await (await server()).createKey(loaded.home, {
          name,
          limits: {
            requestsPerMinute: perMinute ?? null,
            requestsPerDay: perDay ?? null,
            requestsAtOnce: atOnce ?? null,
          },
          expiresAt: expires ?? null,
          mayBringVectors: vectors,
        });
        if (terminal.json) return terminal.out(`${JSON.stringify({ key, secret })}\n`);
        terminal.out(`${secret}\n`);
        if (!terminal.quiet) terminal.err(`${key.id} (${key.name}). The key is shown only this once.\n`);
      }),
    );

  commonOptions(keys.command('list'))
    .summary('every key by name, with its limits; never the keys themselves')
    .addHelpText('after', '\nExamples:\n  sensorium keys list\n  sensorium keys list --json')
    .action(
      run(async ({ terminal, loaded }) => {
        const list = (await server()).listKeys(loaded.home);
        if (terminal.json) return terminal.out(`${JSON.stringify({ keys: list })}\n`);
        for (const key of list) terminal.out(keyLine(key, terminal));
      }),
    );

  commonOptions(keys.command('revoke'))
    .summary('close the server to a key, for good')
    .argument('<id>', 'an id from `sensorium keys list`')
    .addHelpText('after', '\nExamples:\n  sensorium keys revoke key_0a1b2c3d4e5f')
    .action(
      run<CommonOptions>(async ({ terminal, loaded }, _options, id: string) => {
        const key = await (await server()).revokeKey(loaded.home, id);
        if (terminal.json) return terminal.out(`${JSON.stringify({ key })}\n`);
        if (!terminal.quiet) terminal.out(keyLine(key, terminal));
      }),
    );
}

function keyLine(
  { id, name, limits, createdAt, expiresAt, revokedAt, mayBringVectors }: ListedKey,
  { style }: Terminal,
): string {
  const state = revokedAt
    ? style.red('revoked')
    : expiresAt && Date.parse(expiresAt) <= Date.now()
      ? style.red('expired')
      : style.green('works  ');
  const facts = [
    `made ${createdAt.slice(0, 10)}`,
    expiresAt ? `until ${expiresAt.slice(0, 16)}Z` : null,
    limits.requestsPerMinute === null ? null : `${limits.requestsPerMinute} a minute`,
    limits.requestsPerDay === null ? null : `${limits.requestsPerDay} a day`,
    limits.requestsAtOnce === null ? null : `${limits.requestsAtOnce} at once`,
    mayBringVectors ? 'may bring vectors' : null,
  ].filter((fact) => fact !== null);
  return `${state} ${id} ${name} ${style.dim(facts.join(', '))}\n`;
}

function keyName(text: string): string {
  if (/^[^\p{C}]{1,64}$/u.test(text)) return text;
  throw new InvalidArgumentError('It must be one line of at most 64 characters.');
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

function moment(text: string): Date {
  const [, amount, unit] = /^(\d+)([hd])$/.exec(text) ?? [];
  const at = amount && unit ? Date.now() + Number(amount) * (UNIT_MS[unit] ?? 0) : dateOf(text);
  // Dates beyond the year 9999 have another spelling, and nobody means them.
  if (at > Date.now() && at < Date.UTC(9999, 11)) return new Date(at);
  throw new InvalidArgumentError(
    'It must lie ahead: a day (2030-12-31), a moment in UTC (2030-12-31T18:00Z), or 12h, 90d.',
  );
}

// A day means until its end, in UTC; anything without a zone would mean different moments on different machines.
function dateOf(text: string): number {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Date.parse(`${text}T23:59:59.999Z`);
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) ? Date.parse(text) : Number.NaN;
}
