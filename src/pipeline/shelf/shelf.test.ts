import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { SensoriumError } from '#contract/error.ts';
import { fakeEmbedder } from '#embed/fake.ts';
import { fakeRecogniser } from '#perceive/hear/fake.ts';
import { fakeReader } from '#perceive/see/fake.ts';
import { encodePng } from '#runtime/pixels/shape.ts';
import { type Bench, bench, colourSpace, recording, textInput } from './__fixtures__/shelf.ts';
import type { PlacingEvent } from './place-file.ts';
import { textSpaceOf } from './spaces.ts';

const signal = new AbortController().signal;
const ME = 'key_000000000001';
const OTHER = 'key_000000000002';
let open: Bench | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

function begin(options: Parameters<typeof bench>[0] = {}): Bench {
  open = bench(options);
  return open;
}
const nothing = () => {};
const search = (words: string, stores: readonly string[], more: object = {}) =>
  ({ tenant: ME, stores, queries: [words], limit: 5, ...more }) as const;

async function picture(rgb: readonly [number, number, number], name: string) {
  const pixels = new Uint8Array(32 * 32 * 3).map((_, at) => (rgb[at % 3] ?? 0) - (at > 1_500 ? 8 : 0));
  const bytes = await encodePng({ widthPx: 32, heightPx: 32, rgb: pixels });
  return { kind: 'bytes', bytes, name } as const;
}

describe('adding to a vector store', () => {
  it('finds a text again by its words, cut into pieces, with where it comes from', async () => {
    const { shelf } = begin();
    const store = await shelf.create(ME, { name: 'notes' });
    const text = `${'Filler words stand here in front. '.repeat(8)}The bridge was painted green in spring. ${'More words follow after it. '.repeat(8)}`;
    const events: PlacingEvent[] = [];
    const added = await shelf.add(
      ME,
      store.id,
      textInput(text),
      { attributes: { year: 2024 } },
      (event) => events.push(event),
      signal,
    );
    expect(added.shelved).toMatchObject({ status: 'completed', losses: [], lastError: null, worker: null });
    expect(added.shelved.spaces[0]?.pieces).toBeGreaterThan(3);
    expect(events.filter(({ kind }) => kind === 'embedding-moved').at(-1)).toMatchObject({
      done: added.shelved.spaces[0]?.pieces,
    });
    const { items, searched } = await shelf.search(search('painted green bridge', [store.id]), signal);
    expect(items[0]?.text).toContain('The bridge was painted green');
    expect(items[0]).toMatchObject({ filename: 'note.txt', modality: 'text', attributes: { year: 2024 } });
    expect(items[0]?.why).toMatch(/^Number 1 for fake \(similarity 0\.\d{3} there\)\.$/);
    expect(searched).toBe(added.shelved.spaces[0]?.pieces);
    expect(await shelf.store(ME, store.id)).toMatchObject({ status: 'completed', counts: { completed: 1 } });
  });

  it('finds a recording by what is said, with the times of it', async () => {
    const { shelf } = begin();
    const store = await shelf.create(ME, {});
    const { shelved } = await shelf.add(ME, store.id, recording([false, true, false]), {}, nothing, signal);
    expect(shelved.status).toBe('completed');
    const [hit] = (await shelf.search(search('hello', [store.id]), signal)).items;
    expect(hit).toMatchObject({ modality: 'audio', text: 'hello', filename: 'talk.wav' });
    expect(hit?.fromMs).toBeGreaterThan(700);
    expect(hit?.toMs).toBeLessThan(2_200);
  });

  it('does nothing twice: the same bytes put in in the same way are there already', async () => {
    const { shelf, counted } = begin();
    const store = await shelf.create(ME, {});
    const first = await shelf.add(ME, store.id, textInput('One fine day.'), {}, nothing, signal);
    const made = counted.texts;
    const again = await shelf.add(ME, store.id, textInput('One fine day.', 'copy.txt'), {}, nothing, signal);
    expect([again.wasThere, again.file.id, counted.texts]).toEqual([true, first.file.id, made]);
    const elsewhere = await shelf.create(ME, {});
    const copied = await shelf.add(ME, elsewhere.id, textInput('One fine day.'), {}, nothing, signal);
    expect([copied.wasThere, copied.shelved.status, counted.texts]).toEqual([false, 'completed', made]);
    expect((await shelf.search(search('fine day', [elsewhere.id]), signal)).items).toHaveLength(1);
    const other = { chunking: { maxTokens: 16, overlap: 0 } };
    const cutAnew = await shelf.add(ME, store.id, textInput('One fine day.'), other, nothing, signal);
    expect([cutAnew.wasThere, cutAnew.file.id, counted.texts > made]).toEqual([false, first.file.id, true]);
    expect((await shelf.search(search('fine day', [store.id]), signal)).items).toHaveLength(1);
  });

  it('writes down what was lost: a language its embedder cannot read, a recording without words', async () => {
    const { shelf } = begin();
    const store = await shelf.create(ME, {});
    const chinese = await shelf.add(ME, store.id, textInput('今天天气很好。'), {}, nothing, signal);
    expect(chinese.shelved.losses).toMatchObject([{ kind: 'language-unsupported', stage: 'embed' }]);
    const silent = await shelf.add(ME, store.id, recording([false, false]), {}, nothing, signal);
    expect(silent.shelved).toMatchObject({ status: 'completed', usageBytes: 0 });
    expect(silent.shelved.losses.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['no-speech', 'not-retrieved']),
    );
    const asked = await shelf.search(search('天气', [store.id]), signal);
    expect(asked.losses.map(({ kind }) => kind)).toContain('language-unsupported');
  });

  it('says which files were put in with an embedder that is not set up any more', async () => {
    const { shelf, reopen } = begin();
    const store = await shelf.create(ME, {});
    await shelf.add(ME, store.id, textInput('One fine day.'), {}, nothing, signal);
    const other = reopen({ openSpaces: async () => [textSpaceOf({ ...fakeEmbedder(), id: 'another' })] });
    const { items, losses } = await other.search(search('fine day', [store.id]), signal);
    expect(items).toEqual([]);
    expect(losses).toMatchObject([{ kind: 'not-retrieved', extent: 1, unit: 'files', action: expect.any(String) }]);
  });

  it('says why a file could not be added, and lets it be tried again', async () => {
    let works = false;
    const recogniser = async () => (works ? fakeRecogniser(['hello']) : nobodyHears());
    const { shelf } = begin({ parts: { recogniser } });
    const store = await shelf.create(ME, {});
    const adding = () => shelf.add(ME, store.id, recording([true]), {}, nothing, signal);
    await expect(adding()).rejects.toMatchObject({ code: 'hear.unknown-engine' });
    const [failed] = await shelf.shelvedFiles(ME, store.id);
    expect(failed).toMatchObject({ status: 'failed', lastError: { code: 'invalid_file', message: 'Nobody hears.' } });
    expect(await shelf.store(ME, store.id)).toMatchObject({ status: 'completed', counts: { failed: 1 } });
    const { losses } = await shelf.search(search('red', [store.id]), signal);
    expect(losses).toMatchObject([{ kind: 'not-retrieved', extent: 1, unit: 'files' }]);
    works = true;
    expect(await adding()).toMatchObject({ wasThere: false, shelved: { id: failed?.id, status: 'completed' } });
  });

  it('places pictures by themselves and by their writing, and sounds by themselves; either is found by words, or by its like', async () => {
    const eyes = {
      senses: { ...partsSenses(), see: { reader: 'fake', describer: null } },
      reader: async () => fakeReader('exit'),
    };
    const { shelf } = begin({ media: [colourSpace()], parts: eyes });
    const store = await shelf.create(ME, {});
    const red = await shelf.add(ME, store.id, await picture([220, 10, 10], 'red.png'), {}, nothing, signal);
    const blue = await shelf.add(ME, store.id, await picture([10, 10, 220], 'blue.png'), {}, nothing, signal);
    const loud = await shelf.add(ME, store.id, recording([true, true]), {}, nothing, signal);
    expect(red.shelved.spaces.map(({ embedder, pieces }) => [embedder, pieces])).toEqual([
      ['fake', 1],
      ['colours', 1],
    ]);
    const first = async (words: string) => (await shelf.search(search(words, [store.id]), signal)).items[0];
    expect(await first('something blue')).toMatchObject({ file: blue.file.id, text: 'exit' });
    expect((await first('a loud noise'))?.file).toBe(loud.file.id);
    const like = { ...search('', [store.id]), medium: await picture([250, 30, 30], 'query.png') };
    expect((await shelf.search(like, signal)).items[0]?.file).toBe(red.file.id);
    const both = (await shelf.search(search('exit red', [store.id]), signal)).items.find(
      ({ file }) => file === red.file.id,
    );
    expect(both?.places.map(({ embedder }) => embedder)).toEqual(['fake', 'colours']);
    const words = await shelf.add(
      ME,
      store.id,
      await picture([10, 220, 10], 'green.png'),
      { textOnly: true },
      nothing,
      signal,
    );
    expect(words.shelved.spaces.map(({ pieces }) => pieces)).toEqual([1, 0]);
  });

  it('notes that a recording nobody could hear is found by itself alone', async () => {
    const { shelf } = begin({ media: [colourSpace()], parts: { recogniser: nobodyHears } });
    const store = await shelf.create(ME, {});
    const { shelved } = await shelf.add(ME, store.id, recording([true]), {}, nothing, signal);
    expect(shelved.status).toBe('completed');
    expect(shelved.losses).toMatchObject([{ kind: 'media-dropped', stage: 'perceive' }]);
    await expect(shelf.search({ ...search('', [store.id]), medium: textInput('words') }, signal)).rejects.toMatchObject(
      { code: 'store.bad-request' },
    );
  });
});

async function nobodyHears(): Promise<never> {
  throw new SensoriumError('hear.unknown-engine', 'Nobody hears.', {});
}

function partsSenses() {
  return {
    hear: { model: 'fake', second: null, speakers: null, verbatim: false, tone: false, script: 'as-spoken' } as const,
    watch: { maxFrames: 8 },
  };
}

describe('what belongs to whom', () => {
  it('shows nobody another tenant’s files, stores or pieces', async () => {
    const { shelf } = begin();
    const store = await shelf.create(ME, { name: 'mine' });
    const { file } = await shelf.add(ME, store.id, textInput('A secret word.'), {}, nothing, signal);
    const unknown = { code: 'store.unknown' };
    await expect(shelf.store(OTHER, store.id)).rejects.toMatchObject(unknown);
    await expect(shelf.called(OTHER, 'mine')).rejects.toMatchObject(unknown);
    await expect(shelf.file(OTHER, file.id)).rejects.toMatchObject(unknown);
    await expect(shelf.search({ ...search('secret', [store.id]), tenant: OTHER }, signal)).rejects.toMatchObject(
      unknown,
    );
    expect(await shelf.stores(OTHER)).toEqual([]);
    for (const name of ['../key_000000000001', '', '.hidden', 'a/b']) {
      await expect(async () => shelf.stores(name)).rejects.toMatchObject({ code: 'store.bad-request' });
    }
    await expect(shelf.file(ME, '../../etc/passwd')).rejects.toMatchObject(unknown);
    await expect(shelf.shelvedFiles(ME, `../${store.id}`)).rejects.toMatchObject(unknown);
  });

  it('keeps bytes once, as long as somebody has them, and no longer', async () => {
    const { shelf, home } = begin();
    const media = () => readdirSync(join(home, 'store', 'media'));
    const mine = await shelf.upload(ME, textInput('shared'), { purpose: 'user_data' }, signal);
    const theirs = await shelf.upload(OTHER, textInput('shared'), { purpose: 'user_data' }, signal);
    expect(media()).toEqual([mine.sha256]);
    await shelf.removeFile(ME, mine.id, signal);
    expect(media()).toEqual([theirs.sha256]);
    const { bytes } = await shelf.content(OTHER, theirs.id);
    expect(await buffer(bytes)).toEqual(Buffer.from('shared'));
    await shelf.removeFile(OTHER, theirs.id, signal);
    expect(media()).toEqual([]);
  });

  it('keeps only text where that is asked for', async () => {
    const { shelf, home } = begin({ settings: { keepMedia: false } });
    const store = await shelf.create(ME, {});
    const { file } = await shelf.add(ME, store.id, textInput('Only words.'), {}, nothing, signal);
    expect(readdirSync(join(home, 'store', 'media'))).toEqual([]);
    await expect(shelf.content(ME, file.id)).rejects.toMatchObject({ code: 'store.unknown' });
    expect((await shelf.search(search('words', [store.id]), signal)).items[0]?.text).toBe('Only words.');
    expect((await shelf.add(ME, store.id, textInput('Only words.'), {}, nothing, signal)).wasThere).toBe(true);
  });

  it('keeps a key to its room', async () => {
    const { shelf } = begin({ settings: { maxMbPerKey: 0.00001 } });
    await shelf.upload(ME, textInput('123456'), { purpose: 'user_data' }, signal);
    const more = shelf.upload(ME, textInput('1234567'), { purpose: 'user_data' }, signal);
    await expect(more).rejects.toMatchObject({ code: 'store.quota-reached' });
    await shelf.upload(OTHER, textInput('1234567'), { purpose: 'user_data' }, signal);
  });

  it('lets stores and files expire', async () => {
    let now = 1e12;
    const { shelf } = begin({ now: () => now });
    const store = await shelf.create(ME, { expiresAfterDays: 1 });
    const file = await shelf.upload(ME, textInput('old'), { purpose: 'user_data', expiresAfterSeconds: 3_600 }, signal);
    now += 3_601_000;
    await expect(shelf.file(ME, file.id)).rejects.toMatchObject({ code: 'store.unknown' });
    expect(await shelf.files(ME)).toEqual([]);
    now += 86_400_000;
    expect(await shelf.store(ME, store.id)).toMatchObject({ status: 'expired' });
    await expect(shelf.search(search('old', [store.id]), signal)).rejects.toMatchObject({ code: 'store.unknown' });
  });

  it('changes what may be said of a file on all its pieces, without embedding again', async () => {
    const { shelf, counted } = begin();
    const store = await shelf.create(ME, {});
    const { file } = await shelf.add(ME, store.id, textInput('A note.'), { attributes: { year: 1 } }, nothing, signal);
    const made = counted.texts;
    await shelf.setAttributes(ME, store.id, file.id, { year: 2 }, signal);
    expect(counted.texts).toBe(made);
    const of = (year: number) => ({ filter: { type: 'eq', key: 'year', value: year } }) as const;
    expect((await shelf.search(search('note', [store.id], of(1)), signal)).items).toEqual([]);
    expect((await shelf.search(search('note', [store.id], of(2)), signal)).items).toHaveLength(1);
  });

  it('takes a file out of every store when it is removed, and a store with everything in it', async () => {
    const { shelf, home } = begin();
    const [one, two] = [await shelf.create(ME, {}), await shelf.create(ME, {})];
    const { file } = await shelf.add(ME, one.id, textInput('A note.'), {}, nothing, signal);
    await shelf.add(ME, two.id, textInput('Another note.'), {}, nothing, signal);
    await shelf.removeFile(ME, file.id, signal);
    expect((await shelf.search(search('note', [one.id]), signal)).items).toEqual([]);
    await shelf.removeStore(ME, two.id, signal);
    expect((await shelf.stores(ME)).map(({ id }) => id)).toEqual([one.id]);
    expect(existsSync(join(home, 'store', 'records', ME, two.id))).toBe(false);
    expect(await shelf.stats(ME, one.id, signal)).toEqual([]);
  });
});

describe('work that goes on by itself', () => {
  it('adds a batch, one file after the other, and says how far it is', async () => {
    const { shelf } = begin();
    const store = await shelf.create(ME, {});
    const files = [];
    for (const text of ['One of the notes.', 'Two notes.', 'Three notes.']) {
      files.push(await shelf.upload(ME, textInput(text), { purpose: 'assistants' }, signal));
    }
    const batch = await shelf.shelveBatch(
      ME,
      store.id,
      files.map(({ id }) => ({ file: id, wish: {} })),
      signal,
    );
    await shelf.idle();
    const done = await shelf.batch(ME, store.id, batch.id);
    expect(done.files.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
    expect((await shelf.search(search('notes', [store.id]), signal)).items).toHaveLength(3);
  });

  it('stops what of a batch is not done when it is cancelled', async () => {
    const { shelf } = begin();
    const store = await shelf.create(ME, {});
    const files = [];
    for (const text of ['One of the notes.', 'Two notes.']) {
      files.push(await shelf.upload(ME, textInput(text), { purpose: 'assistants' }, signal));
    }
    const batch = await shelf.shelveBatch(
      ME,
      store.id,
      files.map(({ id }) => ({ file: id, wish: {} })),
      signal,
    );
    await shelf.cancelBatch(ME, store.id, batch.id, signal);
    await shelf.idle();
    const statuses = (await shelf.batch(ME, store.id, batch.id)).files.map(({ status }) => status);
    expect(statuses).toContain('cancelled');
    expect(statuses).not.toContain('in_progress');
    const found = (await shelf.search(search('notes', [store.id]), signal)).items.length;
    expect(found).toBe(statuses.filter((status) => status === 'completed').length);
  });

  it('goes on with what a process that is gone had begun', async () => {
    const { shelf, reopen } = begin();
    const store = await shelf.create(ME, {});
    const file = await shelf.upload(ME, textInput('A note.'), { purpose: 'assistants' }, signal);
    const stop = new AbortController();
    const begun = shelf.add(ME, store.id, textInput('A note.'), {}, () => stop.abort(), stop.signal);
    await expect(begun).rejects.toMatchObject({ code: 'kit.cancelled' });
    expect(await shelf.store(ME, store.id)).toMatchObject({ status: 'in_progress' });
    await shelf.close();
    const again = reopen();
    expect(await again.resume()).toBe(1);
    await again.idle();
    expect(await again.store(ME, store.id)).toMatchObject({ status: 'completed', counts: { completed: 1 } });
    expect((await again.search(search('note', [store.id]), signal)).items).toHaveLength(1);
    expect(await again.file(ME, file.id)).toEqual(file);
  });
});
