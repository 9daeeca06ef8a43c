import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { SensoriumError } from '#contract/error.ts';
import { startWorker, type Worker, workerStates } from './host.ts';

const module = new URL('./__fixtures__/worker.ts', import.meta.url);
let worker: Worker;
const folders: string[] = [];
afterEach(async () => {
  await worker.close();
  for (const path of folders.splice(0)) rmSync(path, { recursive: true });
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'sensorium-worker-'));
  folders.push(path);
  return path;
}

const state = () => workerStates().find(({ name }) => name === '__fixtures__');

it('calls, streams and carries typed arrays', async () => {
  worker = startWorker(module);
  expect(await worker.call('double', 21)).toBe(42);
  const seen: number[] = [];
  for await (const n of worker.stream<number>('count', 3)) seen.push(n);
  expect(seen).toEqual([1, 2, 3]);
  expect(await worker.call('echo', new Float32Array([1, 2]))).toEqual(new Float32Array([1, 2]));
});

it('brings an error across with its code and hint', async () => {
  worker = startWorker(module);
  await expect(worker.call('refuse', null)).rejects.toMatchObject({ code: 'ask.refused', hint: 'Ask nicely.' });
});

it('cancels a blocked call at once and runs the next one in a new process', async () => {
  worker = startWorker(module, { graceMs: 50 });
  await worker.call('double', 1);
  const first = worker.pid;
  const controller = new AbortController();
  const blocked = worker.call('block', 60_000, controller.signal);
  const next = worker.call('double', 4);
  setTimeout(() => controller.abort(), 30);
  await expect(blocked).rejects.toMatchObject({ code: 'kit.cancelled' });
  expect(await next).toBe(8);
  expect(worker.pid).not.toBe(first);
});

it('keeps its process when a stream is left early and stops in time', async () => {
  worker = startWorker(module, { graceMs: 5_000 });
  for await (const n of worker.stream<number>('count', 1_000_000)) if (n === 2) break;
  const pid = worker.pid;
  expect(await worker.call('double', 3)).toBe(6);
  expect(worker.pid).toBe(pid);
});

describe('a process that dies', () => {
  it('is replaced, and the call it died over begun again; who waits notices nothing', async () => {
    worker = startWorker(module);
    const [outcome, waited] = await Promise.all([
      worker.call('dieOnce', join(folder(), 'died')),
      worker.call('double', 5),
    ]);
    expect(outcome).toBe('lived');
    expect(waited).toBe(10);
    expect(state()).toMatchObject({ deaths: 1, busy: false, waiting: 0 });
  });

  it('is not started a third time for the same call', async () => {
    worker = startWorker(module);
    const marks = join(folder(), 'deaths');
    const dying = worker.call('dieNoting', marks);
    const next = worker.call('double', 5);
    await expect(dying).rejects.toMatchObject({ code: 'runtime.worker-died-twice', retryable: false });
    expect(await next).toBe(10);
    expect(readFileSync(marks, 'utf8')).toBe('..');
  });

  it('ends a stream of which something is out, and gives what was out', async () => {
    worker = startWorker(module);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const n of worker.stream<number>('dieAfter', 2)) seen.push(n);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'runtime.worker-died' });
    expect(seen).toEqual([1, 2]);
    expect(await worker.call('double', 5)).toBe(10);
  });

  it('ends a call that stands on what the process knew', async () => {
    worker = startWorker(module, { keepsState: true });
    await expect(worker.call('dieOnce', join(folder(), 'died'))).rejects.toMatchObject({ code: 'runtime.worker-died' });
  });

  it('between two such calls takes the next one with it', async () => {
    worker = startWorker(module, { keepsState: true });
    const pid = await worker.call<number>('pid', null);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => worker.pid).toBeUndefined();
    await expect(worker.call('double', 1)).rejects.toMatchObject({ code: 'runtime.worker-died' });
  });

  it('by another’s hand, while it has nothing to do, is not noticed', async () => {
    worker = startWorker(module);
    const pid = await worker.call<number>('pid', null);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => worker.pid).toBeUndefined();
    expect(await worker.call('pid', null)).not.toBe(pid);
  });

  it('is given up where none can be started', async () => {
    worker = startWorker(new URL('./__fixtures__/nowhere.ts', import.meta.url));
    await expect(worker.call('double', 1)).rejects.toMatchObject({ code: 'runtime.worker-died-twice' });
  });
});

describe('a line of calls', () => {
  it('turns away one too many and says when to come back', async () => {
    worker = startWorker(module, { maxWaiting: 1 });
    await worker.call('block', 200);
    const running = worker.call('block', 200);
    const waiting = worker.call('double', 1);
    const refused: SensoriumError = await worker.call('double', 1).then(undefined as never, (error) => error);
    expect(refused).toMatchObject({ code: 'runtime.busy' });
    // Two are before it, and one took a fifth of a second.
    expect(refused.details.retryAfterMs).toBeGreaterThanOrEqual(400);
    await expect(worker.prepare('double', 1)).rejects.toMatchObject({ code: 'runtime.busy' });
    expect(await running).toBe('done');
    expect(await waiting).toBe(2);
    expect(await worker.call('double', 3)).toBe(6);
  });

  it('lets on what has begun, and leaves it its place', async () => {
    worker = startWorker(module, { maxWaiting: 1 });
    const ended: string[] = [];
    const calls = [worker.call('block', 50), worker.call('double', 1)];
    const begun = worker.call('double', 2, undefined, { begun: true });
    for (const [at, call] of [...calls, begun].entries()) void call.then(() => ended.push(String(at)));
    expect(await begun).toBe(4);
    expect(ended).toEqual(['0', '1', '2']);
  });

  it('forgets whoever leaves it', async () => {
    worker = startWorker(module, { maxWaiting: 1 });
    const running = worker.call('block', 200);
    const leaving = new AbortController();
    const left = worker.call('die', null, leaving.signal);
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: 'kit.cancelled' });
    expect(await worker.call('double', 1)).toBe(2);
    expect(await running).toBe('done');
    expect(state()).toMatchObject({ deaths: 0 });
  });
});

it('is made ready once for all who ask, and again only for a new process', async () => {
  worker = startWorker(module);
  const marks = join(folder(), 'calls');
  await Promise.all([worker.prepare('note', marks), worker.prepare('note', marks)]);
  await worker.prepare('note', marks);
  expect(readFileSync(marks, 'utf8')).toBe('.');
  const { pid } = worker;
  process.kill(pid as number, 'SIGKILL');
  await expect.poll(() => worker.pid).toBeUndefined();
  await worker.prepare('note', marks);
  expect(readFileSync(marks, 'utf8')).toBe('..');
});

it('is over once closed: what runs and waits fails, and a late call starts nothing', async () => {
  worker = startWorker(module);
  const running = worker.call('block', 60_000);
  const waiting = worker.call('double', 1);
  running.catch(() => {});
  waiting.catch(() => {});
  await expect.poll(() => worker.pid).toBeDefined();
  await worker.close();
  await expect(running).rejects.toMatchObject({ code: 'kit.cancelled' });
  await expect(waiting).rejects.toMatchObject({ code: 'kit.cancelled' });
  await expect(worker.call('double', 1)).rejects.toMatchObject({ code: 'kit.cancelled' });
  expect(worker.pid).toBeUndefined();
});

it('ends its process when idle and replaces one that grew too large', async () => {
  worker = startWorker(module, { idleMs: 20 });
  await worker.call('double', 1);
  await expect.poll(() => worker.pid).toBeUndefined();
  await worker.close();
  worker = startWorker(module, { maxRssBytes: 1 });
  await worker.call('double', 1);
  const pid = worker.pid;
  await worker.call('double', 1);
  expect(worker.pid).not.toBe(pid);
});
