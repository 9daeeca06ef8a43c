// Puts items into a store until it is killed, and says each time how many are acknowledged. Run with KIND FOLDER NAME.
import { spaceOf } from '../space.ts';
import { openVectorStore } from '../open.ts';
import { numbered } from './items.ts';

const [kind = '', folder = '', name = '', puts = '100000'] = process.argv.slice(2);
const { signal } = new AbortController();
const store = await openVectorStore({ kind: kind as 'lancedb' | 'sqlite', folder });
const space = spaceOf({ embedder: 'putter', weightsSha256: null, dimensions: 8, preprocessing: '', takes: ['text'] });
await store.open(space, signal);
const all = numbered(20);
for (let at = 0; at < Number(puts); at++) {
  const items = all.map(({ item, vector }) => ({ vector, item: { ...item, id: `${name} ${at} ${item.id}`, tenant: name } }));
  await store.put(space.id, items, signal);
  process.stdout.write(`${(at + 1) * all.length}\n`);
}
await store.close();
