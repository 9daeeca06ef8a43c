import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { SensoriumError } from '#contract/error.ts';
import { serve } from '../serve.ts';

serve({
  async double(value: number) {
    return value * 2;
  },
  async *count(to: number, signal: AbortSignal) {
    for (let n = 1; n <= to && !signal.aborted; n++) {
      yield n;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  },
  async block(ms: number) {
    const until = Date.now() + ms;
    while (Date.now() < until);
    return 'done';
  },
  async refuse() {
    throw new SensoriumError('ask.refused', 'No.', { hint: 'Ask nicely.' });
  },
  async die() {
    process.exit(7);
  },
  /** Ends its process as if it had been killed, unless a mark lies at `path`; leaves one, so that the next one lives. */
  async dieOnce(path: string) {
    if (existsSync(path)) return 'lived';
    writeFileSync(path, '');
    process.kill(process.pid, 'SIGKILL');
  },
  /** Notes each time it is called, and ends its process. */
  async dieNoting(path: string) {
    appendFileSync(path, '.');
    process.kill(process.pid, 'SIGKILL');
  },
  async *dieAfter(count: number) {
    for (let n = 1; n <= count; n++) yield n;
    // What was said must be out before.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50);
    await new Promise(() => {});
  },
  async note(path: string) {
    appendFileSync(path, '.');
  },
  async pid() {
    return process.pid;
  },
  async echo(value: unknown) {
    return value;
  },
});
