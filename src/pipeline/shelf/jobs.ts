/** Work that goes on after whoever asked for it has got an answer, one piece after the other. */
export interface Jobs {
  /** Lines work up under a name; a second of the same name changes nothing. Its failure is told to nobody: the work writes it down. */
  begin(name: string, work: (signal: AbortSignal) => Promise<unknown>): void;
  /** Stops the work of that name, if there is any, and waits for its end where it has begun. */
  stop(name: string): Promise<void>;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
  /** Stops everything and takes nothing new. */
  close(): Promise<void>;
}

interface Job {
  readonly stop: AbortController;
  readonly done: Promise<void>;
  begun: boolean;
}

/** Begins with nothing to do. */
export function openJobs(): Jobs {
  const jobs = new Map<string, Job>();
  let last: Promise<void> = Promise.resolve();
  let isClosed = false;

  async function end(name: string, job: Job): Promise<void> {
    job.stop.abort();
    if (job.begun) await job.done;
    else if (jobs.get(name) === job) jobs.delete(name);
  }

  return {
    begin(name, work) {
      if (isClosed || jobs.has(name)) return;
      const stop = new AbortController();
      const done = last.then(async () => {
        if (stop.signal.aborted) return;
        job.begun = true;
        await work(stop.signal).catch(() => {});
        if (jobs.get(name) === job) jobs.delete(name);
      });
      const job: Job = { stop, done, begun: false };
      last = done;
      jobs.set(name, job);
    },
    async stop(name) {
      const job = jobs.get(name);
      if (job) await end(name, job);
    },
    async idle() {
      while (jobs.size > 0) await last;
    },
    async close() {
      isClosed = true;
      await Promise.all([...jobs].map(([name, job]) => end(name, job)));
    },
  };
}
