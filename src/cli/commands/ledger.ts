import type { Command } from 'commander';
import { SensoriumError } from '#contract/error.ts';
import type { Ledger } from '#contract/ledger.ts';
import { changedStats, compareLedgers, type Entry, ledgerHtml, ledgerStats } from '#ledger/index.ts';
import { entriesIn, type Found, ledgersOf } from '../ledger-input.ts';
import { differenceText, figuresText, ledgerText, statsText } from '../ledger-report.ts';
import { type CommonOptions, commonOptions, type Run } from '../run.ts';

interface ShowOptions extends CommonOptions {
  id?: string;
  html?: true;
}

const FILE = 'a ledger log, a ledger, what `sensorium ask --json` printed, or - for standard input';

/** `sensorium ledger`: what was lost on the way, of one request or of many. */
export function addLedger(program: Command, run: Run): void {
  const ledger = program
    .command('ledger')
    .summary('what was lost on the way: show, compare, add up and check ledgers')
    .description('Reads the ledgers of requests. The setting ledger.log (SENSORIUM_LEDGER_LOG) keeps one of each.');

  commonOptions(ledger.command('show'))
    .summary('one ledger: its sentence, figures, doubtful places and losses')
    .argument('<file>', FILE)
    .option('--id <id>', 'the request it is of; the last one in the file when left out')
    .option('--html', 'as a fragment of HTML')
    .addHelpText(
      'after',
      '\nExamples:\n  sensorium ask "Who is it?" --in call.wav --json | sensorium ledger show -\n  sensorium ledger show ledgers.jsonl --id req_0a1b\n  sensorium ledger show ledgers.jsonl --html > ledger.html',
    )
    .action(
      run<ShowOptions>(async ({ terminal }, { id, html }, file: string) => {
        if (terminal.json && html) {
          throw new SensoriumError('cli.usage', '--json and --html ask for two different outputs.', {
            hint: 'Choose one.',
          });
        }
        const { ledger: found, texts } = await chosen(file, id);
        if (terminal.json) return terminal.out(`${JSON.stringify(found)}\n`);
        const language = /\p{Script=Han}/u.test(found.verdict.headline) ? 'zh' : 'en';
        terminal.out(html ? `${ledgerHtml(found, { language, texts })}\n` : ledgerText(found, terminal));
      }),
    );

  commonOptions(ledger.command('diff'))
    .summary('what differs between two ledgers, or between what two logs come to')
    .argument('<before>', FILE)
    .argument('<after>', FILE)
    .addHelpText(
      'after',
      '\nFiles with one ledger each are compared place by place; logs by what they add up to.\n\nExamples:\n  sensorium ledger diff whisper.json moonshine.json\n  sensorium ledger diff monday.jsonl tuesday.jsonl --json',
    )
    .action(
      run<CommonOptions>(async ({ terminal }, _options, before: string, after: string) => {
        if (before === '-' && after === '-') {
          throw new SensoriumError('cli.usage', 'Standard input cannot be both.', { hint: 'Give a file for one.' });
        }
        const [one, other] = [await summed(before), await summed(after)];
        if (one.only && other.only) {
          const difference = compareLedgers(one.only, other.only);
          return terminal.out(terminal.json ? `${JSON.stringify(difference)}\n` : differenceText(difference, terminal));
        }
        const figures = changedStats(one.stats, other.stats);
        terminal.out(terminal.json ? `${JSON.stringify({ figures })}\n` : figuresText(figures) || 'No difference.\n');
      }),
    );

  commonOptions(ledger.command('stats'))
    .summary('what the ledgers of a log come to')
    .argument('<file>', FILE)
    .addHelpText(
      'after',
      '\nExamples:\n  sensorium ledger stats ledgers.jsonl\n  sensorium ledger stats ledgers.jsonl --json',
    )
    .action(
      run<CommonOptions>(async ({ terminal }, _options, file: string) => {
        const { stats, badLines } = await summed(file);
        terminal.out(
          terminal.json ? `${JSON.stringify({ ...stats, badLines })}\n` : statsText(stats, badLines, terminal),
        );
      }),
    );

  commonOptions(ledger.command('check'))
    .summary('whether every line is a ledger that keeps the rules')
    .argument('<file>', FILE)
    .addHelpText(
      'after',
      '\nExits with 1 when one is not.\n\nExamples:\n  sensorium ledger check ledgers.jsonl\n  sensorium ledger check ledger.json --json',
    )
    .action(
      run<CommonOptions>(async ({ terminal }, _options, file: string) => {
        let good = 0;
        const bad: Pick<Entry, 'line' | 'problems'>[] = [];
        for await (const { line, problems } of entriesIn(file)) {
          if (problems.length === 0) good += 1;
          else if (terminal.json) bad.push({ line, problems });
          else {
            bad.push({ line, problems: [] });
            for (const { path, message } of problems) terminal.out(`${line}: ${path ? `${path} ` : ''}${message}\n`);
          }
        }
        if (terminal.json) terminal.out(`${JSON.stringify({ good, bad })}\n`);
        else if (!terminal.quiet) terminal.err(`${good} good, ${bad.length} bad\n`);
        return bad.length === 0 && good > 0 ? 0 : 1;
      }),
    );
}

async function chosen(file: string, id: string | undefined): Promise<Found> {
  let found: Found | null = null;
  for await (const one of ledgersOf(file)) if (id === undefined || one.ledger.requestId === id) found = one;
  if (found) return found;
  throw new SensoriumError('cli.usage', `There is no ledger of ${id} in ${file}.`, {
    hint: 'Leave --id out for the last one.',
  });
}

/** What a file comes to, and its ledger where it has only one. */
async function summed(file: string) {
  const stats = ledgerStats();
  let only: Ledger | null = null;
  let badLines = 0;
  let count = 0;
  const onBad = () => {
    badLines += 1;
  };
  for await (const { ledger: one } of ledgersOf(file, onBad)) {
    stats.add(one);
    count += 1;
    only = count === 1 ? one : null;
  }
  return { stats: stats.result(), only, badLines };
}
