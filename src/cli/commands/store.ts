import { type Command, InvalidArgumentError, Option } from 'commander';
import { isSensoriumError } from '#contract/error.ts';
import { MediaKind } from '#contract/media.ts';
import type { Attribute, AttributeFilter } from '#contract/vector-store.ts';
import { exitCodeOf } from '../errors.ts';
import { perceivingDisplay } from '../progress.ts';
import { lossLines } from '../report.ts';
import { type CommonOptions, type Context, commonOptions, type Run } from '../run.ts';
import { mediaInputs } from '../sound.ts';
import { attributeOption, filterOption, limitOption, namesOption, OWN_TENANT } from '../store-options.ts';
import { addedLine, foundLines, shelvedLine, spaceLine, storeLine } from '../store-report.ts';

interface TenantOptions extends CommonOptions {
  tenant: string;
}

interface AddOptions extends TenantOptions {
  store: string;
  attribute?: Record<string, Attribute>;
  only?: 'text';
  language?: string;
}

interface SearchOptions extends TenantOptions {
  store?: string[];
  in?: string;
  modality?: MediaKind;
  filter?: AttributeFilter;
  limit: number;
  threshold?: number;
}

/** `sensorium store`: media kept so that they are found again by words, or by their like. */
export function addStore(program: Command, run: Run): void {
  const store = program
    .command('store')
    .summary('keep media and find them again: add, search, list, show, stats, optimize, remove')
    .description(
      'Vector stores. What you add is heard, read or seen, cut into pieces, and found again by what it means; pictures and sounds also by themselves, where embed.image and embed.audio are set.',
    );
  const command = (name: string, summary: string, examples: string) =>
    commonOptions(store.command(name))
      .summary(summary)
      .option('--tenant <id>', 'whose stores: the id of a key (`sensorium keys list`)', OWN_TENANT)
      .addHelpText('after', `\nExamples:\n${examples}`);

  command(
    'add',
    'put files into a store',
    '  sensorium store add meeting.mp3 contract.pdf photo.jpg\n  sensorium store add talks/*.wav --store talks --attribute year=2024 --language zh\n  sensorium store add film.mp4 --only text --json',
  )
    .argument('<files...>', 'files, URLs, or - for standard input')
    .option('-s, --store <name>', 'the store, by name or id; made where there is none', 'default')
    .option('-a, --attribute <key=value>', 'what may be said of them, to filter by; repeat it', attributeOption)
    .addOption(new Option('--only <what>', 'give a place to the words alone, not to the media').choices(['text']))
    .option('-l, --language <tag>', 'language spoken in them, if you know it')
    .action(run<AddOptions>(add));

  command(
    'search',
    'find what was added',
    '  sensorium store search "who signs the contract?"\n  sensorium store search "a red bicycle" --modality image --limit 5\n  sensorium store search --in photo.jpg\n  sensorium store search "预算" --store talks --filter year>=2024 --json',
  )
    .argument('[words]', 'what to look for; taken as it is, nothing is rewritten')
    .option(
      '-s, --store <names>',
      'the stores, by name or id, with commas; all of them where none is named',
      namesOption,
    )
    .option('-i, --in <file>', 'a picture or recording like the one looked for')
    .addOption(new Option('--modality <kind>', 'only files of this kind').choices(MediaKind.options))
    .option('-f, --filter <condition>', 'KEY=VALUE, or with !=, >, >=, <, <=; several must all hold', filterOption)
    .option('-n, --limit <n>', 'most results', limitOption, 10)
    .option('--threshold <n>', 'least similarity, 0 to 1, in each embedder’s own measure', threshold)
    .action(run<SearchOptions>(search));

  command('list', 'the stores there are', '  sensorium store list\n  sensorium store list --json').action(
    run<TenantOptions>(async ({ terminal, sensorium }, { tenant }) => {
      const stores = await sensorium.shelf.stores(tenant);
      if (terminal.json) return terminal.out(`${JSON.stringify({ stores })}\n`);
      for (const one of stores) terminal.out(storeLine(one, terminal));
    }),
  );

  command('show', 'the files of a store, and what was lost when they were added', '  sensorium store show talks')
    .argument('<store>', 'name or id')
    .action(
      run<TenantOptions>(async ({ terminal, sensorium: { shelf } }, { tenant }, name: string) => {
        const view = await shelf.called(tenant, name);
        const files = await shelf.shelvedFiles(tenant, view.id);
        if (terminal.json) return terminal.out(`${JSON.stringify({ store: view, files })}\n`);
        terminal.out(storeLine(view, terminal));
        const names = new Map((await shelf.files(tenant)).map(({ id, filename }) => [id, filename]));
        for (const one of files) {
          terminal.out(shelvedLine(one, names.get(one.id) ?? '(forgotten)', terminal));
          if (!terminal.quiet) terminal.out(lossLines(one.losses, terminal));
        }
      }),
    );

  command('stats', 'how many pieces of a store are in which space', '  sensorium store stats talks --json')
    .argument('<store>', 'name or id')
    .action(
      run<TenantOptions>(async ({ terminal, sensorium: { shelf }, signal }, { tenant }, name: string) => {
        const view = await shelf.called(tenant, name);
        const spaces = await shelf.stats(tenant, view.id, signal);
        if (terminal.json) return terminal.out(`${JSON.stringify({ store: view, spaces })}\n`);
        terminal.out(storeLine(view, terminal));
        for (const space of spaces) terminal.out(spaceLine(space, terminal));
      }),
    );

  command('optimize', 'bring the indexes of all stores up to date', '  sensorium store optimize').action(
    run<TenantOptions>(async ({ terminal, sensorium: { shelf }, signal }) => {
      const spaces = await shelf.optimize(signal);
      if (terminal.json) return terminal.out(`${JSON.stringify({ spaces })}\n`);
      if (!terminal.quiet) terminal.out(`${spaces.length} spaces are up to date.\n`);
    }),
  );

  command(
    'remove',
    'forget a store, or one file of it',
    '  sensorium store remove talks\n  sensorium store remove talks file-0a1b2c3d4e5f0a1b2c3d4e5f',
  )
    .argument('<store>', 'name or id')
    .argument('[file]', 'id of a file in it (`sensorium store show`); it is forgotten in every store')
    .action(
      run<TenantOptions>(
        async ({ terminal, sensorium: { shelf }, signal }, { tenant }, name: string, file: string | undefined) => {
          const view = await shelf.called(tenant, name);
          if (file !== undefined) {
            await shelf.shelved(tenant, view.id, file);
            await shelf.removeFile(tenant, file, signal);
          } else await shelf.removeStore(tenant, view.id, signal);
          if (terminal.json) return terminal.out(`${JSON.stringify({ removed: file ?? view.id })}\n`);
          if (!terminal.quiet) terminal.out(`Removed ${file ?? (view.name || view.id)}.\n`);
        },
      ),
    );
}

async function add({ terminal, sensorium: { shelf }, signal }: Context, options: AddOptions, files: string[]) {
  const { tenant, attribute: attributes, language, only } = options;
  const view = await shelf.called(tenant, options.store, true);
  const outcomes: object[] = [];
  let code = 0;
  for (const [at, input] of (await mediaInputs(files)).entries()) {
    const progress = perceivingDisplay(terminal);
    try {
      const wish = { attributes, language, textOnly: only === 'text' };
      const added = await shelf.add(tenant, view.id, input, wish, progress.happened, signal);
      progress.stop();
      outcomes.push(added);
      if (terminal.json) continue;
      terminal.out(addedLine(added, terminal));
      if (!terminal.quiet && !added.wasThere) terminal.err(lossLines(added.shelved.losses, terminal));
    } catch (error) {
      progress.stop();
      // One that cannot be added is no reason to leave out those after it.
      if (!isSensoriumError(error) || signal.aborted) throw error;
      code = exitCodeOf(error);
      const { code: reason, message, hint } = error;
      outcomes.push({ input: files[at], error: { code: reason, message, hint } });
      terminal.err(`${terminal.style.red('not added')} ${files[at]}: ${message} ${terminal.style.dim(hint)}\n`);
    }
  }
  if (terminal.json)
    terminal.out(`${JSON.stringify({ store: await shelf.store(tenant, view.id), files: outcomes })}\n`);
  return code;
}

async function search({ terminal, sensorium: { shelf }, signal }: Context, options: SearchOptions, words?: string) {
  const { tenant, store: names, filter, modality, limit, threshold: least } = options;
  const views = names
    ? await Promise.all(names.map((name) => shelf.called(tenant, name)))
    : (await shelf.stores(tenant)).filter(({ status }) => status !== 'expired');
  const [medium] = options.in === undefined ? [] : await mediaInputs([options.in]);
  const wish = { tenant, stores: views.map(({ id }) => id), queries: words === undefined ? [] : [words], medium };
  const found = await shelf.search({ ...wish, limit, modality, filter, threshold: least }, signal);
  if (terminal.json) return terminal.out(`${JSON.stringify(found)}\n`);
  terminal.out(foundLines(found.items, terminal));
  if (terminal.quiet) return;
  if (found.items.length === 0) terminal.err(`Nothing was found in ${found.searched} pieces.\n`);
  terminal.err(lossLines(found.losses, terminal));
}

function threshold(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It must be a number from 0 to 1.');
}
