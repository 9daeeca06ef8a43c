import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { must, postJson } from './exchange.ts';
import { judged, type Task } from './task.ts';

const LONGEST_STAY_MS = 2_500;
const BURST = 48;

/** Begins one of these requests and leaves at some moment. */
export function leavingTask(others: readonly Task[]): Task {
  return {
    kind: 'left early',
    weight: 5,
    async run(target) {
      const task = others[Math.floor(target.random() * others.length)] as Task;
      const leaving = new AbortController();
      const signal = AbortSignal.any([target.signal, leaving.signal]);
      const request = judged(task, { ...target, signal });
      // Nothing is compared with what came of a request that was left.
      await Promise.race([request, sleep(target.random() * LONGEST_STAY_MS)]);
      leaving.abort();
      return request;
    },
  };
}

/** More requests at once than may wait: each is answered, or told when to come back, and afterwards there is room. */
export const burst: Task = {
  kind: 'burst',
  weight: 1,
  async run(target) {
    const input = Array.from({ length: 16 }, (_, at) => `Sentence ${at} of a burst.`);
    const send = async () => {
      const reply = await postJson(target, '/v1/embeddings', { input });
      await reply.arrayBuffer();
      const isRefusal = reply.status === 429 && Number(reply.headers.get('retry-after')) >= 1;
      must(reply.status === 200 || isRefusal, `${reply.status} in a burst`);
      return reply.status;
    };
    const statuses = await Promise.all(Array.from({ length: BURST }, send));
    must(statuses.includes(200), 'nobody in a burst was answered');
    return {
      outcome: 'right',
      why: `${statuses.filter((status) => status === 429).length} of ${BURST} told to come back`,
    };
  },
};

/** A model process of the server. */
export interface ModelProcess {
  readonly pid: number;
  /** The folder of its program: `kokoro`, `local-llama`, … */
  readonly name: string;
}

/** The model processes that a server runs at the moment. Linux only. */
export function modelProcesses(server: number): readonly ModelProcess[] {
  return childrenOf(server).flatMap((pid) => {
    const name = /\/([\w-]+)\/worker\.js/.exec(textOf(`/proc/${pid}/cmdline`))?.[1];
    return name === undefined ? [] : [{ pid, name }];
  });
}

/** The processes that a process has started and that still run. Linux only. */
export function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => / (\w) (\d+) /.exec(textOf(`/proc/${name}/stat`).replace(/^.*\)/s, ''))?.[2] === String(parent))
    .map(Number);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
