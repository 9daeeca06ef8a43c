import { Command, CommanderError } from 'commander';
import { version } from '#kit/version.ts';
import { addAsk } from './commands/ask.ts';
import { addCalibrate } from './commands/calibrate.ts';
import { addConfig } from './commands/config.ts';
import { addConformance } from './commands/conformance.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEmbed } from './commands/embed.ts';
import { addGate } from './commands/gate.ts';
import { addHear } from './commands/hear.ts';
import { addKeys } from './commands/keys.ts';
import { addLedger } from './commands/ledger.ts';
import { addModels } from './commands/models.ts';
import { addPerceive } from './commands/perceive.ts';
import { addSay } from './commands/say.ts';
import { addServe } from './commands/serve.ts';
import { addStore } from './commands/store.ts';
import { addVoices } from './commands/voices.ts';
import { runner } from './run.ts';

/** Runs one command line and says the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const run = runner((code) => {
    exitCode = code;
  });
  // Whoever reads our output may stop reading (`| head`); that is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  const program = new Command('sensorium')
    .description('Ears, eyes and a voice for any language model, and you know what was lost on the way.')
    .version(version())
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      'after',
      '\nStart with: sensorium ask "What does he want?" --in speech.wav --voice heart --out reply.wav',
    );
  const commands = [
    addAsk,
    addHear,
    addPerceive,
    addSay,
    addServe,
    addStore,
    addModels,
    addLedger,
    addKeys,
    addVoices,
    addCalibrate,
    addGate,
    addEmbed,
    addDoctor,
    addConfig,
  ];
  for (const add of [...commands, addConformance]) add(program, run);
  for (const command of allCommands(program))
    command.exitOverride().showHelpAfterError('Add --help for the options and examples.');
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 || error.code === 'commander.help' ? error.exitCode : 2;
  }
  return exitCode;
}

function allCommands(command: Command): Command[] {
  return command.commands.flatMap((one) => [one, ...allCommands(one)]);
}
