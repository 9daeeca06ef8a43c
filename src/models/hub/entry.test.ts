import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { bytes, context, testHome } from '../__fixtures__/home.ts';
import { fileServer, type Manner, type Seen } from '../__fixtures__/server.ts';
import { entryFromHub, type HubModel } from './entry.ts';

const COMMIT = 'c0ffee'.padEnd(40, '0');
const WEIGHTS = bytes(3_000);
const CONFIG = Buffer.from('{"model_type":"whisper"}');
const REPOSITORY = 'onnx-community/Whisper-Toy';
const LISTING = `api/models/${REPOSITORY}/revision/main?blobs=true`;

const hash = (algorithm: string, ...parts: (string | Uint8Array)[]) =>
  parts.reduce((digest, part) => digest.update(part), createHash(algorithm)).digest('hex');
const blobOf = (content: Uint8Array) => hash('sha1', `blob ${content.length}\0`, content);

const small = (rfilename: string, content: Uint8Array) => ({
  rfilename,
  size: content.length,
  blobId: blobOf(content),
});
const large = (rfilename: string, content: Uint8Array) => ({
  ...small(rfilename, Buffer.from('pointer')),
  size: content.length,
  lfs: { sha256: hash('sha256', content), size: content.length, pointerSize: 135 },
});
const SIBLINGS = [
  ...['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json'].map((path) =>
    small(path, CONFIG),
  ),
  large('onnx/encoder_model_quantized.onnx', WEIGHTS),
  large('onnx/decoder_model_merged_quantized.onnx', WEIGHTS),
  large('onnx/encoder_model.onnx', WEIGHTS),
];
const listingOf = (siblings: object[], more: object = {}) =>
  Buffer.from(
    JSON.stringify({
      id: REPOSITORY,
      sha: COMMIT,
      siblings,
      cardData: { license: 'apache-2.0', language: ['zh', 'en'] },
      ...more,
    }),
  );

let close = async () => {};
afterEach(() => close());

async function hub(listing: Uint8Array, manner?: (seen: Seen) => Manner) {
  const files = {
    [LISTING]: listing,
    ...Object.fromEntries(
      SIBLINGS.map((file) => [`${REPOSITORY}/resolve/${COMMIT}/${file.rfilename}`, 'lfs' in file ? WEIGHTS : CONFIG]),
    ),
  };
  const server = await fileServer(files, manner);
  close = server.close;
  const home = testHome([]);
  const settings = {
    ...home.settings,
    catalogue: undefined,
    hf: { endpoint: `${server.address}/`, token: 'hf_secret' },
  };
  const add = (more: Partial<HubModel> = {}) =>
    entryFromHub({ repository: REPOSITORY, stage: 'hear', settings, ...more }, context().signal);
  return { ...server, home, settings, add };
}

it('pins a model of the hub, which is then pulled and verified like ours', async () => {
  const { add, seen, home, settings, address } = await hub(listingOf(SIBLINGS));
  const { id, path, entry } = await add();
  expect(id).toBe('whisper-toy');
  expect(path).toBe(join(home.home, 'catalogue', 'whisper-toy.json'));
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(entry);
  expect(entry).toMatchObject({ license: 'Apache-2.0', languages: ['zh', 'en'], homepage: `${address}/${REPOSITORY}` });
  expect(entry.files).toContainEqual({
    path: 'onnx/encoder_model_quantized.onnx',
    sha256: hash('sha256', WEIGHTS),
    sizeBytes: 3_000,
    sources: { huggingface: { repository: REPOSITORY, revision: COMMIT, path: 'onnx/encoder_model_quantized.onnx' } },
  });
  expect(entry.files.find((file) => file.path === 'config.json')?.sha256).toBe(hash('sha256', CONFIG));
  expect(entry.files.map((file) => file.path)).not.toContain('onnx/encoder_model.onnx');

  // The listing is asked for once, small files once each, large ones not at all; each time with the token.
  const resolved = ['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json'];
  expect(seen.map((one) => one.path)).toEqual([
    `/${LISTING}`,
    ...resolved.map((file) => `/${REPOSITORY}/resolve/${COMMIT}/${file}`),
  ]);
  expect(new Set(seen.map((one) => one.authorization))).toEqual(new Set(['Bearer hf_secret']));

  const store = home.store(settings);
  const folder = await store.ensure(id, context());
  expect(readFileSync(join(folder, 'onnx/encoder_model_quantized.onnx'))).toEqual(Buffer.from(WEIGHTS));
  expect((await store.verify(id, context())).good).toBe(true);
});

it('takes the files, the name and the revision it is told', async () => {
  const server = await hub(listingOf(SIBLINGS, { cardData: null }), ({ path }) =>
    path.includes('/revision/v1%2F2')
      ? { body: listingOf(SIBLINGS, { cardData: { license: 'other', language: 7 } }) }
      : {},
  );
  const { entry } = await server.add({ id: 'mine', revision: 'v1/2', files: ['onnx/encoder_model.onnx'] });
  expect(entry).toMatchObject({ id: 'mine', license: 'NOASSERTION', languages: ['und'] });
  expect(entry.files.map((file) => file.path)).toEqual(['onnx/encoder_model.onnx']);
  expect(server.seen.map((one) => one.path)).toEqual([`/api/models/${REPOSITORY}/revision/v1%2F2?blobs=true`]);
});

it('takes the two towers of an embedder of media, or the one graph of a text embedder', async () => {
  const settings = ['config.json', 'preprocessor_config.json', 'tokenizer.json', 'tokenizer_config.json'];
  const of = (...graphs: string[]) => [
    ...settings.filter((path) => !path.startsWith('pre')).map((path) => small(path, CONFIG)),
    large('preprocessor_config.json', CONFIG),
    ...graphs.map((path) => large(`onnx/${path}`, WEIGHTS)),
  ];
  const towers = ['text_model.onnx', 'text_model_quantized.onnx', 'vision_model.onnx', 'vision_model.onnx_data'];
  const media = await hub(listingOf(of(...towers)));
  const { entry } = await media.add({ stage: 'embed' });
  expect(entry.stage).toBe('embed');
  expect(new Set(entry.files.map(({ path }) => path))).toEqual(
    new Set([...settings, ...towers.slice(1).map((path) => `onnx/${path}`)]),
  );
  await media.close();
  const texts = await hub(listingOf(of('model.onnx', 'model_quantized.onnx')));
  const paths = (await texts.add({ stage: 'embed' })).entry.files.map(({ path }) => path);
  expect(paths).toEqual(['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx']);
});

it('follows a repository that has another name now, but to no other host', async () => {
  const moved = await hub(listingOf(SIBLINGS), ({ path }) =>
    path.startsWith('/api/models/old/name') ? { status: 307, location: `/${LISTING}` } : {},
  );
  expect((await moved.add({ repository: 'old/name', files: ['onnx/encoder_model.onnx'] })).id).toBe('name');
  await moved.close();
  const away = await hub(listingOf(SIBLINGS), () => ({ status: 307, location: 'http://localhost:1/elsewhere' }));
  await expect(away.add()).rejects.toMatchObject({ code: 'models.unreachable' });
});

it.each<[string, string, Uint8Array, Manner | undefined, Partial<HubModel>]>([
  ['a file that is not there', 'models.unknown-model', listingOf(SIBLINGS.slice(1)), undefined, {}],
  ['no file at all', 'models.unknown-model', listingOf(SIBLINGS), undefined, { files: [] }],
  ['a repository that is not shown', 'models.unknown-model', listingOf(SIBLINGS), { status: 401 }, {}],
  ['a hub that fails', 'models.unreachable', listingOf(SIBLINGS), { status: 500 }, {}],
  ['a hub that is silent', 'models.unreachable', listingOf(SIBLINGS), { silent: true }, {}],
  ['a hub that breaks off', 'models.unreachable', listingOf(SIBLINGS), { cutAfterBytes: 20 }, {}],
  ['something else than a listing', 'models.unreachable', Buffer.from('{"sha":"main"}'), undefined, {}],
  ['something else than JSON', 'models.unreachable', Buffer.from('<html>'), undefined, {}],
  ['an endless listing', 'models.unreachable', Buffer.alloc(17 * 2 ** 20, 0x20), undefined, {}],
  [
    'a path that leads out',
    'config.invalid',
    listingOf([large('../evil', WEIGHTS)]),
    undefined,
    { files: ['../evil'] },
  ],
  [
    'a huge file without a hash',
    'models.unreachable',
    listingOf([{ ...small('a', CONFIG), size: 2 ** 30 }]),
    undefined,
    { files: ['a'] },
  ],
  ['a name of ours', 'config.invalid', listingOf(SIBLINGS), undefined, { id: 'whisper-base' }],
  ['a name that is a path', 'config.invalid', listingOf(SIBLINGS), undefined, { id: '../evil' }],
  ['a repository that is a path', 'config.invalid', listingOf(SIBLINGS), undefined, { repository: '../evil' }],
])('refuses %s', async (_, code, listing, manner, more) => {
  const { add, home } = await hub(listing, manner && (() => manner));
  await expect(add(more)).rejects.toMatchObject({ code });
  expect(existsSync(join(home.home, 'evil.json'))).toBe(false);
  expect(existsSync(join(home.home, 'catalogue', 'whisper-toy.json'))).toBe(false);
});

it('refuses a small file that is not what the hub lists', async () => {
  const { add } = await hub(listingOf(SIBLINGS), ({ path }) =>
    path.endsWith('/tokenizer.json') ? { body: Buffer.from('{"model_type":"WHISPER"}') } : {},
  );
  await expect(add()).rejects.toMatchObject({ code: 'models.checksum-mismatch' });
});

it('asks nobody where the network is forbidden', async () => {
  const { add, seen, settings } = await hub(listingOf(SIBLINGS));
  await expect(add({ settings: { ...settings, offline: true } })).rejects.toMatchObject({ code: 'models.offline' });
  expect(seen).toEqual([]);
});
