import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { loaderFlags } from '#kit/from-source.ts';
import { openVectorStore } from '#store/index.ts';
import { bench } from './__fixtures__/shelf.ts';

const ADDER = fileURLToPath(new URL('./__fixtures__/adder.ts', import.meta.url));
const signal = new AbortController().signal;
const home = mkdtempSync(join(tmpdir(), 'sensorium-shelf-killed-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Adds until it is killed, a little after it has said so often that something is there. */
async function killedAfter(store: string, from: number, enough: number): Promise<Map<number, string>> {
  const said = new Map<number, string>();
  const child = spawn(process.execPath, [...loaderFlags(ADDER), ADDER, home, store, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface(child.stdout).on('line', (line) => {
    const [at, id = ''] = line.split(' ');
    said.set(Number(at), id);
    // At another moment of the next one each time.
    if (said.size === enough) setTimeout(() => child.kill('SIGKILL'), from % 60);
  });
  await new Promise((resolve) => child.once('close', resolve));
  return said;
}

describe('processes that are killed while they add', () => {
  it('lose nothing they have said is there, and what they had begun is done by the next', async () => {
    const open = () => bench({ home, openEngine: (folder) => openVectorStore({ kind: 'sqlite', folder }) });
    const first = open();
    const store = await first.shelf.create('anyone', {});
    await first.close();
    const said = new Map<number, string>();
    // Two at once: several processes may use one store.
    const both = await Promise.all([killedAfter(store.id, 100, 4), killedAfter(store.id, 229, 4)]);
    for (const [at, id] of both.flatMap((one) => [...one])) said.set(at, id);
    expect(said.size).toBeGreaterThanOrEqual(8);

    const { shelf, close } = open();
    const left = await shelf.resume();
    await shelf.idle();
    const files = new Map((await shelf.shelvedFiles('anyone', store.id)).map((file) => [file.id, file.status]));
    for (const [at, id] of said) {
      expect([at, files.get(id)]).toEqual([at, 'completed']);
      const wish = { tenant: 'anyone', stores: [store.id], queries: [`n${at}`], limit: 50 };
      const found = (await shelf.search(wish, signal)).items.map(({ text }) => text);
      expect(found).toContain(`This is text number n${at} of many.`);
    }
    expect([...files.values()].filter((status) => status !== 'completed')).toEqual([]);
    console.log(`killed while adding: ${said.size} acknowledged, ${left} gone on with, ${files.size} there in the end`);
    await close();
  }, 60_000);
});
