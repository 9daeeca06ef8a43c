import { Worker } from 'node:worker_threads';

/** Looks on from a thread of its own, so that also a loop that never lets go of this one is found and told. */
export interface Watchdog {
  /** Says that some work begins; the function it returns, that it has ended. */
  begin(what: string): () => void;
  stop(): void;
}

/** Ends the process, and says what was at work, when this thread has not answered for so long. */
export function watchdog(mostMs: number): Watchdog {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const atWork = new Map<number, string>();
  let last = 0;
  const worker = new Worker(
    `const { workerData: { beats, mostMs }, parentPort } = require('node:worker_threads');
     const { writeSync } = require('node:fs');
     let what = [], before = -1, sinceMs = Date.now();
     parentPort.on('message', (message) => { what = message; });
     setInterval(() => {
       const now = Atomics.load(beats, 0);
       if (now !== before) { before = now; sinceMs = Date.now(); }
       if (Date.now() - sinceMs < mostMs) return;
       writeSync(2, 'Nothing moves any more. At work: ' + what.join('; ') + '\\n');
       process.kill(process.pid, 'SIGKILL');
     }, 1000);`,
    { eval: true, execArgv: [], workerData: { beats, mostMs } },
  );
  worker.unref();
  const beat = setInterval(() => Atomics.add(beats, 0, 1), 500).unref();
  const tell = () => worker.postMessage([...atWork.values()]);
  return {
    begin(what) {
      last += 1;
      const number = last;
      atWork.set(number, what);
      tell();
      return () => {
        atWork.delete(number);
      };
    },
    stop() {
      clearInterval(beat);
      void worker.terminate();
    },
  };
}
