import { once } from 'node:events';
import { join } from 'node:path';
import { startProgram } from './processes.ts';
import type { Job, Reply, ResultOf } from './programs/messages.ts';

export interface Generator {
  /** Runs one job to its end. Throws when the job could not be run at all. */
  run<J extends Job>(job: J): Promise<ResultOf<J>>;
  end(): Promise<void>;
}

/** Starts the load generator in a process of its own. */
export function startGenerator(programs: string): Generator {
  const running = startProgram(join(programs, 'load.js'));
  const gone = once(running.child, 'close').then(() => {
    throw new Error(`The load generator ended: ${running.output()}`);
  });
  gone.catch(() => {});
  return {
    async run<J extends Job>(job: J) {
      const answered = once(running.child, 'message') as Promise<[Reply]>;
      running.child.send(job);
      const [reply] = await Promise.race([answered, gone]);
      if ('error' in reply) throw new Error(`The load generator failed: ${reply.error}`);
      return reply.result as ResultOf<J>;
    },
    end: running.end,
  };
}
