import { once } from 'node:events';
import { type Command, InvalidArgumentError } from 'commander';
import { version } from '#kit/version.ts';
import { type CommonOptions, commonOptions, type Run } from '../run.ts';

interface ServeOptions extends CommonOptions {
  host?: string;
  port?: number;
  model?: string;
}

export function addServe(program: Command, run: Run): void {
  commonOptions(program.command('serve'))
    .summary('an OpenAI-compatible server for any client')
    .description(
      'Serves everything over OpenAI’s API, on this machine only unless a key is made (`sensorium keys create`).',
    )
    .option('--host <address>', 'address to listen on')
    .option('-p, --port <number>', 'port to listen on; 0 takes a free one', portNumber)
    .option('-m, --model <id>', 'language model where a request names none')
    .addHelpText(
      'after',
      '\nExamples:\n  sensorium serve\n  sensorium serve --port 9000 --model openai:gpt-4o\n  curl http://127.0.0.1:8600/v1/models',
    )
    .action(
      run<ServeOptions>(
        async ({ terminal, loaded, sensorium, signal }) => {
          // Loaded here, so that no other command waits for it.
          const { startServer } = await import('#server/index.ts');
          const server = await startServer(sensorium, loaded, version());
          // What an earlier server had begun to put into vector stores.
          await sensorium.shelf.resume();
          try {
            const { url, needsKey } = server;
            if (terminal.json) terminal.out(`${JSON.stringify({ url, needsKey, pid: process.pid })}\n`);
            else if (!terminal.quiet) {
              const models = (await sensorium.models.list()).filter(({ installed }) => installed).length;
              terminal.out(`Listening on ${terminal.style.bold(`${url}/v1`)}${needsKey ? ', with a key' : ''}\n`);
              terminal.out(
                terminal.style.dim(
                  `${models} models are here; others are fetched when first asked for. Ctrl-C stops, a second one at once.\n`,
                ),
              );
            }
            if (!signal.aborted) await once(signal, 'abort');
          } finally {
            if (!terminal.quiet && !terminal.json) terminal.err('Stopping: running requests may finish…\n');
            await server.close();
          }
          return 0;
        },
        (options) => ({ 'server.host': options.host, 'server.port': options.port, 'ask.model': options.model }),
      ),
    );
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return port;
}
