import { type Command, Option } from 'commander';
import { type CapabilityField, evidenceFor, type ModelCapabilities } from '#contract/capabilities.ts';
import type { MediaKind } from '#contract/media.ts';
import type { ModelCheck } from '#models/index.ts';
import { type CommonOptions, commonOptions, type Run } from '../run.ts';
import type { Terminal } from '../terminal.ts';

export function addModels(program: Command, run: Run): void {
  const models = program
    .command('models')
    .summary('what is installed; fetch, check and remove models')
    .description('The model store.');

  commonOptions(models.command('list'))
    .summary('every model, its licence and whether it is installed')
    .action(
      run(async ({ terminal, sensorium }) => {
        const list = await sensorium.models.list();
        if (terminal.json) return terminal.out(`${JSON.stringify({ models: list })}\n`);
        for (const { id, sizeBytes, installed, license, title } of list) {
          const state = installed ? terminal.style.green('installed') : terminal.style.dim('not here ');
          terminal.out(
            `${state} ${id.padEnd(28)} ${megabytes(sizeBytes)} ${license.padEnd(12)} ${terminal.style.dim(title)}\n`,
          );
        }
      }),
    );

  commonOptions(models.command('pull'))
    .summary('fetch models')
    .argument('<model...>', 'ids from `sensorium models list`')
    .addHelpText(
      'after',
      '\nAn interrupted download goes on where it stopped.\n\nExamples:\n  sensorium models pull whisper-base kokoro-82m',
    )
    .action(
      run<CommonOptions>(async ({ terminal, sensorium, signal }, _options, ids: string[]) => {
        const pulled: { id: string; path: string }[] = [];
        for (const id of ids)
          pulled.push({ id, path: await sensorium.models.pull(id, { signal, onProgress: sensorium.onDownload }) });
        if (terminal.json) return terminal.out(`${JSON.stringify({ models: pulled })}\n`);
        for (const { path } of pulled) terminal.out(`${path}\n`);
      }),
    );

  commonOptions(models.command('add'))
    .summary('write down a recogniser or embedder of the Hugging Face hub, to be fetched by its own name')
    .argument(
      '<repository>',
      'OWNER/NAME with a Whisper, a multilingual E5, a SigLIP, CLIP or CLAP in the hub’s ONNX layout',
    )
    .option('--id <name>', 'what to call it; the repository’s name by default')
    .addOption(new Option('--for <stage>', 'what it is to do').choices(['hear', 'embed']).default('hear'))
    .option('--revision <revision>', 'branch, tag or commit; the commit it stands for now is written down', 'main')
    .addHelpText(
      'after',
      '\nExamples:\n  sensorium models add onnx-community/whisper-small\n  sensorium hear talk.mp3 --model whisper-small\n  sensorium models add Xenova/clap-htsat-unfused --for embed',
    )
    .action(
      run<CommonOptions & { id?: string; revision?: string; for: 'hear' | 'embed' }>(
        async ({ terminal, sensorium, signal }, { id, revision, for: stage }, repository: string) => {
          const added = await sensorium.models.add({ repository, revision, id, stage }, signal);
          if (terminal.json) return terminal.out(`${JSON.stringify({ id: added.id, path: added.path })}\n`);
          terminal.out(`${added.id} ${terminal.style.dim(added.path)}\n`);
        },
      ),
    );

  commonOptions(models.command('verify'))
    .summary('check every file of installed models against its checksum')
    .argument('[model...]', 'ids; all installed ones when left out')
    .action(
      run<CommonOptions>(async ({ terminal, sensorium, signal }, _options, ids: string[]) => {
        const installed = (await sensorium.models.list()).filter((model) => model.installed).map(({ id }) => id);
        const results: ModelCheck[] = [];
        for (const id of ids.length > 0 ? ids : installed) results.push(await sensorium.models.verify(id, { signal }));
        if (terminal.json) terminal.out(`${JSON.stringify({ models: results })}\n`);
        else for (const { model, good, files } of results) terminal.out(checkLines(model, good, files, terminal));
        return results.every(({ good }) => good) ? 0 : 3;
      }),
    );

  commonOptions(models.command('remove'))
    .summary('delete models from the store')
    .argument('<model...>', 'ids from `sensorium models list`')
    .action(
      run<CommonOptions>(async ({ terminal, sensorium }, _options, ids: string[]) => {
        for (const id of ids) await sensorium.models.remove(id);
        if (terminal.json) terminal.out(`${JSON.stringify({ removed: ids })}\n`);
      }),
    );

  commonOptions(models.command('show'))
    .summary('what a language model takes and gives, and who says so')
    .argument('<model>', 'a local model, or one behind an API such as qwen:qwen3-vl-plus')
    .addHelpText(
      'after',
      '\nWhat is wrong or missing can be put right in config.json: providers.NAME.models.MODEL.\n\nExamples:\n  sensorium models show glm:glm-4.6v\n  sensorium models show house:our-model --json',
    )
    .action(
      run<CommonOptions>(async ({ terminal, sensorium }, _options, id: string) => {
        const capabilities = sensorium.capabilities(id);
        if (terminal.json) return terminal.out(`${JSON.stringify({ id, capabilities })}\n`);
        for (const line of capabilityLines(capabilities, terminal)) terminal.out(`${line}\n`);
      }),
    );

  commonOptions(models.command('probe'))
    .summary('find out what a live model behind an API takes')
    .description(
      'Asks one short question without media, then with a tiny picture, sound and document each, and remembers what came of it.',
    )
    .argument('<model>', 'a model behind an API, such as qwen:qwen3-vl-plus')
    .addHelpText(
      'after',
      '\nExamples:\n  sensorium models probe qwen:qwen3-omni-flash\n  sensorium models probe house:our-model --json',
    )
    .action(
      run<CommonOptions>(async ({ terminal, sensorium, signal }, _options, id: string) => {
        const probe = await sensorium.probe(id, signal);
        if (terminal.json) return terminal.out(`${JSON.stringify(probe)}\n`);
        const { green, red, yellow, dim } = terminal.style;
        for (const { kind, takes, evidence, before } of probe.kinds) {
          const word = takes === true ? green('takes  ') : takes === false ? red('refuses') : yellow('unclear');
          const was = before === takes ? '' : dim(` (before: ${before})`);
          terminal.out(`${word} ${kind.padEnd(9)} ${evidence}${was}\n`);
        }
      }),
    );

  commonOptions(models.command('path'))
    .summary('where a model lies')
    .argument('<model>', 'an id from `sensorium models list`')
    .action(
      run<CommonOptions>(async ({ terminal, sensorium }, _options, id: string) => {
        const path = await sensorium.models.path(id);
        terminal.out(terminal.json ? `${JSON.stringify({ id, path })}\n` : `${path}\n`);
      }),
    );
}

function checkLines(model: string, good: boolean, files: ModelCheck['files'], { style }: Terminal): string {
  const bad = files.filter(({ state }) => state !== 'good').map(({ path, state }) => `     ${path}: ${state}\n`);
  return `${good ? style.green('good') : style.red('BAD ')} ${model} (${files.length} files)\n${bad.join('')}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`.padStart(9);
}

/** Each thing known of a model on a line of its own, with its source and day. */
function capabilityLines(capabilities: ModelCapabilities, { style }: Terminal): string[] {
  const { input, output, limits = {}, rules = {} } = capabilities;
  const rows: [CapabilityField, unknown][] = [
    ...Object.entries(input).map(([kind, known]): [CapabilityField, unknown] => [`input.${kind as MediaKind}`, known]),
    ...Object.entries(output).map(([kind, known]): [CapabilityField, unknown] => [`output.${kind as 'text'}`, known]),
    ...Object.entries(limits).map(([kind, known]): [CapabilityField, unknown] => [
      `limits.${kind as MediaKind}`,
      known,
    ]),
    ...Object.entries(rules).map(([rule, known]): [CapabilityField, unknown] => [
      `rules.${rule as 'streamOnly'}`,
      known,
    ]),
    ['contextTokens', capabilities.contextTokens],
    ['languages', capabilities.languages],
  ];
  return rows.map(([field, known]) => {
    const { source, date } = evidenceFor(capabilities, field);
    const word = typeof known === 'object' && known !== null ? JSON.stringify(known) : String(known ?? 'unknown');
    const said = word === 'unknown' ? '' : style.dim(`  ${source}${date ? `, ${date}` : ''}`);
    return `${field.padEnd(26)} ${word}${said}`;
  });
}
