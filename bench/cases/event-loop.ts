import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { BenchCase } from '../case.ts';
import { LONG_QUESTION, spokenQuestion } from '../spoken-question.ts';

const RESOLUTION_MS = 1;
const NS_PER_MS = 1e6;

export const bench: BenchCase = {
  measures: 'how late the main thread’s timers are while models hear, write and speak in their own processes.',
  async run(context) {
    const delays = { p50: [] as number[], p99: [] as number[], longest: [] as number[] };
    for (let round = -1; round < context.runs; round++) {
      const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      delay.enable();
      for await (const _ of context.sensorium.answer(spokenQuestion(context, LONG_QUESTION), context.signal));
      delay.disable();
      if (round < 0) continue;
      // The histogram holds whole intervals: what is above the timer's own period is delay.
      const late = (ns: number) => Math.max(0, ns / NS_PER_MS - RESOLUTION_MS);
      delays.p50.push(late(delay.percentile(50)));
      delays.p99.push(late(delay.percentile(99)));
      delays.longest.push(late(delay.max));
    }
    return [
      { name: 'event-loop delay, p50', unit: 'ms', ours: delays.p50 },
      { name: 'event-loop delay, p99', unit: 'ms', ours: delays.p99, goal: '≤ 20 ms' },
      { name: 'event-loop delay, longest', unit: 'ms', ours: delays.longest },
    ];
  },
};
