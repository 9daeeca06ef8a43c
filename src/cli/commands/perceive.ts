import type { Command } from 'commander';
import type { Ledger } from '#contract/ledger.ts';
import type { Loss } from '#contract/loss.ts';
import { type Perception, textGiven } from '#contract/perception.ts';
import { perceivingDisplay } from '../progress.ts';
import { lossLines, lostLine, markedText } from '../report.ts';
import { type CommonOptions, commonOptions, type Run } from '../run.ts';
import { mediaInputs } from '../sound.ts';

interface PerceiveOptions extends CommonOptions {
  reader?: string;
  describer?: string;
  language?: string;
  model?: string;
  frames?: number;
}

/** The language this machine is set to (`LANG`). */
const SYSTEM_LANGUAGE = Intl.DateTimeFormat().resolvedOptions().locale;

/** `sensorium see`, `read` and `watch`: pictures, documents and videos turned into text. */
export function addPerceive(program: Command, run: Run): void {
  const sense = (name: 'see' | 'read' | 'watch', summary: string, description: string, examples: string) => {
    const command = commonOptions(program.command(name))
      .summary(summary)
      .description(description)
      .argument('<file>', 'a file, a URL, or - for standard input')
      .option('-r, --reader <id>', 'what reads the writing in pictures; none reads none')
      .option('-l, --language <tag>', 'language of what is told about it: en or zh')
      .addHelpText('after', `\nExamples:\n${examples}`);
    if (name !== 'read') command.option('-d, --describer <id>', 'what tells what is shown: a language model that sees');
    if (name === 'watch') {
      command.option('-m, --model <id>', 'speech recogniser').option('--frames <n>', 'most frames looked at', Number);
    }
    command.action(
      run<PerceiveOptions>(
        async ({ terminal, sensorium, signal }, { language }, file: string) => {
          const [media] = await mediaInputs([file]);
          if (!media) return;
          const progress = perceivingDisplay(terminal);
          const losses: Loss[] = [];
          let perception: Perception | null = null;
          let ledger: Ledger | null = null;
          const tell = /^zh\b/i.test(language ?? SYSTEM_LANGUAGE) ? 'zh' : 'en';
          const spoken = name === 'watch' ? language : undefined;
          try {
            for await (const event of sensorium.perceive({ media, sense: name, tell, language: spoken }, signal)) {
              progress.happened(event);
              if (event.kind === 'part-perceived') perception = event.perception;
              if (event.kind === 'ledger-made') ledger = event.ledger;
              if (event.kind === 'loss-noted') losses.push(event.loss);
            }
          } finally {
            progress.stop();
          }
          if (perception === null) return;
          if (terminal.json)
            return terminal.out(`${JSON.stringify({ ...(perception as Perception), losses, ledger })}\n`);
          // A redirected text is for other programs.
          const isMarked = !terminal.quiet && process.stdout.isTTY === true;
          const { spans } = (isMarked && (ledger as Ledger | null)) || { spans: [] };
          terminal.out(`${markedText(textGiven(perception), spans, terminal)}\n`);
          if (terminal.quiet) return;
          if (ledger) terminal.err(lostLine(ledger, terminal));
          terminal.err(lossLines(losses, terminal));
        },
        ({ reader, describer, model, frames }) => ({
          'see.reader': reader === 'none' ? null : reader,
          'see.describer': describer,
          'hear.model': model,
          'watch.maxFrames': frames,
        }),
      ),
    );
  };
  sense(
    'see',
    'turn a picture into text',
    'Reads the writing in a picture and, with a describer, tells what it shows.',
    '  sensorium see scan.png\n  sensorium see photo.jpg --describer openai:gpt-4o-mini\n  sensorium see page.tiff --json',
  );
  sense(
    'read',
    'turn a document into text',
    'Reads PDF, Word, PowerPoint, Excel, HTML, EPUB, Markdown and CSV; scanned pages are read from their pictures.',
    '  sensorium read report.pdf\n  sensorium read 预算.xlsx > budget.md\n  sensorium read book.epub --json',
  );
  sense(
    'watch',
    'turn a video into a timeline',
    'Tells what is shown, written and said in a video, in order of time.',
    '  sensorium watch clip.mp4\n  sensorium watch lesson.mkv --describer qwen:qwen3-vl-plus --language zh\n  sensorium watch talk.webm --json',
  );
}
