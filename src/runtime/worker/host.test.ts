import { afterEach, expect, it } from 'vitest';
import { startWorker, type Worker } from './host.ts';

const module = new URL('./__fixtures__/worker.ts', import.meta.url);
let worker: Worker;
afterEach(() => worker.close());

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

it('says when the process died and starts another', async () => {
  worker = startWorker(module);
  await expect(worker.call('die', null)).rejects.toMatchObject({ code: 'runtime.worker-died' });
  expect(await worker.call('double', 5)).toBe(10);
});

it('refuses more calls than it may hold', async () => {
  worker = startWorker(module, { maxCalls: 1 });
  const held = worker.call('block', 100);
  await expect(worker.call('double', 1)).rejects.toMatchObject({ code: 'runtime.busy' });
  expect(await held).toBe('done');
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
