import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openCatalogue } from './catalogue.ts';
import { PREPARATIONS } from './prepare/index.ts';
import { inlineText } from './sources/inline.ts';

const MODELS = [
  'all-minilm-l6-v2',
  'chinese-words',
  'english-g2p',
  'english-lexicon',
  'english-words',
  'g2pm-zh',
  'han-components',
  'kokoro-82m',
  'moonshine-tiny',
  'multilingual-e5-small',
  'pp-ocrv4',
  'qwen2.5-coder-0.5b-instruct',
  'silero-vad',
  'smollm2-135m-instruct',
  'whisper-base',
  'whisper-base-ctranslate2',
  'whisper-base-onnx',
];

it('holds every model, each file pinned and with a source, each preparation known', () => {
  const catalogue = openCatalogue();
  expect(catalogue.ids()).toEqual(MODELS);
  let files = 0;
  for (const id of catalogue.ids()) {
    const entry = catalogue.entry(id);
    const paths = entry.files.map((file) => file.path);
    expect(new Set(paths).size, id).toBe(paths.length);
    for (const file of entry.files) {
      expect(Object.keys(file.sources), `${id} ${file.path}`).not.toHaveLength(0);
      files += 1;
    }
    for (const name of entry.preparations ?? []) expect(PREPARATIONS.map((one) => one.id)).toContain(name);
  }
  console.log(`models: ${catalogue.ids().length} catalogue entries with ${files} pinned files looked at`);
  expect(files).toBeGreaterThan(90);
  expect(catalogue.entry('kokoro-82m').files.filter((file) => file.path.startsWith('voices/'))).toHaveLength(54);
});

it('holds inline files whose pins are right', () => {
  const files = openCatalogue()
    .ids()
    .flatMap((id) => openCatalogue().entry(id).files);
  const inline = files.filter((file) => file.sources.inline !== undefined);
  for (const file of inline) {
    const text = inlineText(file.sources.inline);
    expect(createHash('sha256').update(text).digest('hex'), file.path).toBe(file.sha256);
    expect(Buffer.byteLength(text)).toBe(file.sizeBytes);
  }
  expect(inline.length).toBeGreaterThan(3);
});

it.each([
  ['{"id":"mine"', 'config.invalid'],
  ['{"id":"other"}', 'config.invalid'],
  [JSON.stringify(entryWith({ path: '../../evil' })), 'config.invalid'],
  [JSON.stringify(entryWith({ path: '/evil' })), 'config.invalid'],
  [JSON.stringify(entryWith({ path: 'C:\\evil' })), 'config.invalid'],
  [JSON.stringify(entryWith({ sha256: 'abc' })), 'config.invalid'],
])('refuses %s', (text, code) => {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-catalogue-'));
  writeFileSync(join(folder, 'mine.json'), text);
  expect(() => openCatalogue(folder).entry('mine')).toThrow(expect.objectContaining({ code }));
});

it('lets the user’s entry stand before ours', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-catalogue-'));
  writeFileSync(join(folder, 'silero-vad.json'), JSON.stringify({ ...entryWith({}), id: 'silero-vad' }));
  const catalogue = openCatalogue(folder);
  expect(catalogue.entry('silero-vad').title).toBe('Mine');
  expect(catalogue.ids()).toEqual(MODELS);
});

function entryWith(file: object) {
  return {
    id: 'mine',
    title: 'Mine',
    stage: 'ask',
    license: 'MIT',
    languages: ['en'],
    homepage: 'https://example.org',
    files: [{ path: 'a', sha256: '0'.repeat(64), sizeBytes: 1, sources: { folder: true }, ...file }],
  };
}
