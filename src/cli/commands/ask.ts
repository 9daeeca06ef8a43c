import { type Command, InvalidArgumentError, Option } from 'commander';
import { MediaKind } from '#contract/media.ts';
import { Policy, RouteChoice } from '#contract/plan.ts';
import type { Report } from '#contract/report.ts';
import type { AttributeFilter } from '#contract/vector-store.ts';
import { perceivingDisplay } from '../progress.ts';
import { answerSummary, heardLine, routeLines } from '../report.ts';
import { type CommonOptions, commonOptions, type Run } from '../run.ts';
import { mediaInputs, wavSink } from '../sound.ts';
import { filterOption, limitOption, namesOption, OWN_TENANT } from '../store-options.ts';
import { retrievedLines } from '../store-report.ts';

interface AskOptions extends CommonOptions {
  in?: string[];
  store?: string[];
  filter?: AttributeFilter;
  maxResults: number;
  out?: string;
  voice?: string;
  model?: string;
  hearWith?: string;
  describeWith?: string;
  route?: unknown;
  policy?: Policy;
  glossary?: string;
  correct?: true;
  component?: string;
  gloss?: true;
  escalate?: true;
  mend: boolean;
  language?: string;
  system?: string;
  maxTokens?: number;
  temperature?: number;
  seed?: number;
  speed?: number;
}

export function addAsk(program: Command, run: Run): void {
  commonOptions(program.command('ask'))
    .summary('ask a language model, in words, with media, or both')
    .description(
      'Takes in what you give it, asks a language model, prints the answer and what was lost on the way, and speaks it if you like.',
    )
    .argument('[question]', 'the question; leave it out when the recording asks it')
    .option(
      '-i, --in <file>',
      'a recording, picture, document, video or text, a URL, or - for standard input; repeat it for several',
      collect,
    )
    .option(
      '-s, --store <names>',
      'look in these vector stores first (`sensorium store`), by name, with commas',
      namesOption,
    )
    .option('--filter <condition>', 'of the stores only what this holds for: year>=2024; repeat it', filterOption)
    .option('--max-results <n>', 'how much of what is found goes along', limitOption, 5)
    .option('-o, --out <file.wav>', 'write the spoken answer here (- for standard output)')
    .option('--voice <name>', 'speak with this voice (`sensorium voices list`); the default goes to reply.wav')
    .option('-m, --model <id>', 'language model: a local one or VENDOR:NAME')
    .option('--hear-with <id>', 'speech recogniser: a local one or VENDOR:NAME')
    .option('--describe-with <id>', 'what tells what pictures show: a language model that sees')
    .option('--component <name>', 'what makes vectors for the model, where the gate let it in: own-table, a folder')
    .option(
      '--route <route>',
      'auto, native, text, embedding, hybrid; or one for each kind: audio=text,image=native',
      routeChoice,
    )
    .addOption(new Option('--policy <policy>', 'how routes are chosen').choices(Policy.options))
    .option('--glossary <file>', 'words that are likely to be said, one a line: what sounds like one is written so')
    .option('--correct', 'ask the language model about doubtful places of a transcript first')
    .option('--gloss', 'explain rare Chinese characters on first use')
    .option('--escalate', 'hand doubtful clips beside the text to a model that takes them')
    .option('--no-mend', 'give the model what was heard and read as it is')
    .option('-l, --language <tag>', 'language spoken in the recordings, if you know it')
    .option('--system <text>', 'what the model is told first')
    .option('--max-tokens <n>', 'longest answer, in tokens', Number)
    .option('--temperature <n>', '0 always picks the likeliest word', Number)
    .option('--seed <n>', 'makes a random answer repeatable', wholeNumber)
    .option('--speed <n>', 'pace of the voice, 0.5 to 2', Number)
    .addHelpText(
      'after',
      `
Examples:
  sensorium ask "What does he ask the listeners to do?" --in speech.wav
  sensorium ask "What does the contract say about notice?" --in contract.pdf
  sensorium ask "Who signs the contract?" --store library,meetings
  sensorium ask --in question.wav --voice heart --out reply.wav
  sensorium ask --in question.wav --component own-table --route embedding
  sensorium ask "谁负责？" --in meeting.wav --glossary names.txt --correct
  sensorium ask "Summarise this." --in notes.txt --model openai:gpt-4o-mini --json`,
    )
    .action(
      run<AskOptions>(
        async ({ terminal, sensorium, config, signal }, options, question?: string) => {
          const speaks = options.out !== undefined || options.voice !== undefined;
          const target = speaks ? (options.out ?? 'reply.wav') : null;
          const sink = await wavSink(target);
          let report: Report | null = null;
          let wrote = false;
          const progress = perceivingDisplay(terminal);
          try {
            const events = sensorium.answer(
              {
                question: question ?? null,
                media: await mediaInputs(options.in ?? []),
                language: options.language,
                search: options.store && {
                  ...{ tenant: OWN_TENANT, stores: options.store, limit: options.maxResults, filter: options.filter },
                },
                voice: speaks ? config.speak.voice : null,
                speed: config.speak.speed,
                system: config.ask.systemPrompt,
                temperature: config.ask.temperature,
                maxTokens: config.ask.maxTokens,
                seed: options.seed,
                mend: options.mend ? undefined : false,
              },
              signal,
            );
            const human = !terminal.json && target !== '-';
            for await (const event of events) {
              progress.happened(event);
              if (event.kind === 'report-made') report = event.report;
              else if (event.kind === 'speech-chunk') await sink?.write(event.pcm, event.sampleRateHz);
              else if (human && !terminal.quiet && event.kind === 'part-perceived')
                terminal.out(heardLine(event.perception, terminal));
              else if (human && !terminal.quiet && event.kind === 'plan-made')
                terminal.out(routeLines(event.plan, terminal, languageOf(question, options.language)));
              else if (human && event.kind === 'text-delta') {
                if (!wrote && !terminal.quiet) terminal.out('\n');
                wrote = true;
                terminal.out(event.text);
              }
            }
            if (wrote) terminal.out('\n');
            const path = await sink?.finish();
            if (report?.speech && path) report = { ...report, speech: { ...report.speech, path } };
          } finally {
            progress.stop();
            await sink?.discard();
          }
          if (!report) return;
          if (terminal.json && target !== '-') terminal.out(`${JSON.stringify(report)}\n`);
          else if (!terminal.quiet) {
            const say = target === '-' ? terminal.err : terminal.out;
            say(answerSummary(report, terminal) + retrievedLines(report.retrieved ?? [], terminal));
          }
        },
        (options) => ({
          'ask.model': options.model,
          'hear.model': options.hearWith,
          'see.describer': options.describeWith,
          ...componentFor(options.component),
          'plan.route': options.route,
          'plan.policy': options.policy,
          'mend.glossary': options.glossary,
          'mend.correct': options.correct,
          'mend.gloss': options.gloss,
          'mend.escalate': options.escalate && 'doubtful',
          'ask.systemPrompt': options.system,
          'ask.maxTokens': options.maxTokens,
          'ask.temperature': options.temperature,
          'speak.voice': options.voice,
          'speak.speed': options.speed,
        }),
      ),
    );
}

/** One component for whatever comes in. */
function componentFor(component: string | undefined): Record<string, string | undefined> {
  const kinds = ['audio', 'image', 'video', 'document'];
  return Object.fromEntries(kinds.map((kind) => [`inject.components.${kind}`, component]));
}

function collect(file: string, files: readonly string[] = []): string[] {
  return [...files, file];
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** `text`, or `audio=text,image=native`. */
function routeChoice(text: string): unknown {
  const bad = () =>
    new InvalidArgumentError(`It must be one of ${RouteChoice.options.join(', ')}, or KIND=ROUTE,KIND=ROUTE.`);
  if (!text.includes('=')) {
    if (!RouteChoice.safeParse(text).success) throw bad();
    return text;
  }
  const pairs = text.split(',').map((pair) => pair.split('=', 2));
  for (const [kind, route] of pairs) {
    if (!MediaKind.safeParse(kind).success || !RouteChoice.safeParse(route).success) throw bad();
  }
  return Object.fromEntries(pairs);
}

/** The language a person is told things in: that of the question, or of the recording where it asks. */
function languageOf(question: string | undefined, declared: string | undefined): 'en' | 'zh' {
  return /\p{Script=Han}/u.test(question ?? '') || /^zh/i.test(declared ?? '') ? 'zh' : 'en';
}
