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
  async echo(value: unknown) {
    return value;
  },
});
