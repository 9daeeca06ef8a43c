import { runCompletions, runProbe } from './load-completions.ts';
import { runStreams } from './load-streams.ts';
import type { Job, Reply } from './messages.ts';

// The load generator: takes one job at a time from its parent and answers with what it measured.

process.on('message', async (job: Job) => {
  let reply: Reply;
  try {
    reply = { result: await run(job) };
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(reply);
});
process.on('disconnect', () => process.exit());

function run(job: Job) {
  if (job.kind === 'streams') return runStreams(job);
  return job.kind === 'completions' ? runCompletions(job) : runProbe(job);
}
