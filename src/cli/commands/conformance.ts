import { once } from 'node:events';
import { type Command, InvalidArgumentError } from 'commander';
import { SensoriumError } from '#contract/error.ts';
import { type CommonOptions, commonOptions, type Run } from '../run.ts';

interface ServeOptions extends CommonOptions {
  port?: number;
  case?: string;
  switch?: string[];
}

export function addConformance(program: Command, run: Run): void {
  const conformance = program
    .command('conformance')
    .summary('servers that stand in for vendors and check what they are sent')
    .description(
      'For whoever develops against a vendor without a key: its documented API on this machine, failures included.',
    );

  commonOptions(conformance.command('list'))
    .summary('every vendor that can be stood in for, and the cases it can play')
    .action(
      run(async ({ terminal }) => {
        const { CONFORMANCE_SERVERS } = await import('#conformance/index.ts');
        const servers = CONFORMANCE_SERVERS.map(({ name, about, cases, switches = {} }) => ({
          name,
          about,
          cases,
          switches,
        }));
        if (terminal.json) return terminal.out(`${JSON.stringify({ servers })}\n`);
        const { bold, dim } = terminal.style;
        for (const { name, about, cases, switches } of servers) {
          terminal.out(`${bold(name.padEnd(14))} ${about}\n`);
          for (const [id, what] of Object.entries(cases)) terminal.out(`  ${id.padEnd(26)} ${dim(what)}\n`);
          for (const [id, what] of Object.entries(switches)) terminal.out(`  --switch ${id.padEnd(17)} ${dim(what)}\n`);
        }
      }),
    );

  commonOptions(conformance.command('serve'))
    .summary('run one')
    .argument('<vendor>', 'a name from `sensorium conformance list`')
    .option('-p, --port <number>', 'port to listen on; a free one where it is left out', portNumber)
    .option('--case <name>', 'play this case for every request instead of good answers')
    .option('--switch <name>', 'turn on a fact nobody has verified; repeat it for several', collect)
    .addHelpText(
      'after',
      '\nExamples:\n  sensorium conformance serve qwen\n  sensorium conformance serve glm --case rate-limited-seconds --port 9100',
    )
    .action(
      run<ServeOptions>(async ({ terminal, signal }, options, name: string) => {
        const { CONFORMANCE_SERVERS, startConformance } = await import('#conformance/index.ts');
        const vendor = CONFORMANCE_SERVERS.find((one) => one.name === name);
        if (!vendor) {
          throw new SensoriumError('cli.usage', `There is no conformance server called “${name}”.`, {
            hint: `Known: ${CONFORMANCE_SERVERS.map((one) => one.name).join(', ')}.`,
          });
        }
        mustKnow(options.case, ['happy', ...Object.keys(vendor.cases)], 'case');
        for (const one of options.switch ?? []) mustKnow(one, Object.keys(vendor.switches ?? {}), 'switch');
        const { port, switch: switches, case: play } = options;
        const server = await startConformance(vendor, { port, switches, play });
        try {
          const config = vendor.configure(server.origin);
          if (terminal.json) terminal.out(`${JSON.stringify({ url: server.origin, config })}\n`);
          else {
            terminal.out(
              `${vendor.about}, on ${terminal.style.bold(server.origin)}. Put this into config.json to use it:\n`,
            );
            terminal.out(`${JSON.stringify(config, null, 2)}\n`);
          }
          if (!signal.aborted) await once(signal, 'abort');
        } finally {
          await server.close();
        }
        for (const fault of server.faults) terminal.err(`fault: ${fault}\n`);
        terminal.err(`${server.seen.length} requests, ${server.faults.length} faults\n`);
        return server.faults.length > 0 ? 1 : 0;
      }),
    );
}

function mustKnow(name: string | undefined, known: readonly string[], what: string): void {
  if (name === undefined || known.includes(name)) return;
  throw new SensoriumError('cli.usage', `There is no ${what} called “${name}”.`, {
    hint: `Known: ${known.join(', ')}.`,
  });
}

function collect(one: string, all: readonly string[] = []): string[] {
  return [...all, one];
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return port;
}
