import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadLancedb } from '#runtime/lancedb.ts';
import { axis, entry, exampleSpace } from '../../__fixtures__/items.ts';
import { LAYOUT, readLayout, tableName } from './layout.ts';
import { rowOf, schemaOf } from './rows.ts';
import { openLancedb } from './store.ts';

const signal = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'sensorium-migrate-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder as layout 1 had it: no columns for the order of numbers. */
async function layoutOne(name: string, count: number) {
  const folder = join(root, name);
  const space = exampleSpace(8);
  mkdirSync(join(folder, 'spaces'), { recursive: true });
  writeFileSync(join(folder, 'store.json'), '{"layout":1}');
  writeFileSync(join(folder, 'spaces', `${space.id}.json`), JSON.stringify(space));
  const packages = await loadLancedb();
  const { lance, arrow } = packages;
  const schema = new arrow.Schema(schemaOf(packages, 8).fields.filter(({ name }) => !name.startsWith('number')));
  const connection = await lance.connect(folder);
  const table = await connection.createEmptyTable(tableName(space.id, 1), schema);
  const entries = Array.from({ length: count }, (_, at) =>
    entry({ id: `${at}`, fromMs: at, attributes: { page: at } }, axis(at % 8)),
  );
  const rows = entries.map(({ item, vector }) => {
    const { number_keys, numbers, ...old } = rowOf(item);
    return { ...old, vector };
  });
  await table.add(lance.makeArrowTable(rows, { schema }));
  connection.close();
  return { folder, space, entries };
}

it('brings an older layout to this one, whole, while several processes open it', async () => {
  const { folder, space, entries } = await layoutOne('older', 2_500);
  // What a migration that was killed left behind.
  mkdirSync(join(folder, `${tableName(space.id)}.lance`, 'data'), { recursive: true });
  const [store, other] = await Promise.all([openLancedb({ folder }), openLancedb({ folder })]);
  expect(await readLayout(folder)).toBe(LAYOUT);
  expect(readdirSync(folder).filter((name) => name.endsWith('_v1.lance'))).toEqual([]);
  for (const handle of [store, other]) {
    const filter = { type: 'gte', key: 'page', value: 2_490 } as const;
    const query = { vector: axis(2), limit: 20, which: { tenant: 't', filter } };
    const { hits } = await handle.search(space.id, query, signal);
    expect(hits).toHaveLength(10);
    expect(hits[0]).toEqual({ item: entries[2_490]?.item, similarity: 1 });
    expect(await handle.count(space.id, { tenant: 't' }, signal)).toBe(2_500);
  }
  await Promise.all([store.close(), other.close()]);
}, 180_000);

it('refuses what a later version wrote, and a broken note of it, and says what to do', async () => {
  for (const [name, text, hint] of [
    ['later', `{"layout":${LAYOUT + 1}}`, /newest version/],
    ['broken', '{"lay', /store\.json/],
  ] as const) {
    const folder = join(root, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'store.json'), text);
    const refused = { code: 'store.unusable', hint: expect.stringMatching(hint) };
    await expect(openLancedb({ folder })).rejects.toMatchObject(refused);
    expect(readdirSync(folder).filter((entry) => entry.endsWith('.lance'))).toEqual([]);
  }
});

it('says that a folder cannot be one', async () => {
  const file = join(root, 'a-file');
  writeFileSync(file, '');
  await expect(openLancedb({ folder: file })).rejects.toMatchObject({ code: 'store.unusable' });
  expect(existsSync(file)).toBe(true);
});
