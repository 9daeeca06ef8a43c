import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { handsOutAttention, readFolder } from './folder.ts';
import { codeOf, LANGUAGES, tagOf } from './languages.ts';
import { promptTokens } from './prompt.ts';
import { readVocabulary } from './vocabulary.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const config = {
  num_mel_bins: 128,
  d_model: 1_280,
  decoder_layers: 4,
  decoder_attention_heads: 20,
  max_source_positions: 1_500,
  max_target_positions: 448,
};
const generation = {
  decoder_start_token_id: 50_258,
  eos_token_id: 50_257,
  no_timestamps_token_id: 50_364,
  lang_to_id: { '<|en|>': 50_259, '<|yue|>': 50_358, '<|jw|>': 50_356 },
};

async function folderOf(files: Readonly<Record<string, string | object>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sensorium-whisper-'));
  folders.push(folder);
  await mkdir(join(folder, 'onnx'));
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}
const whole = {
  'config.json': config,
  'generation_config.json': generation,
  'tokenizer.json': '{}',
  'onnx/encoder_model.onnx': '',
  'onnx/encoder_model_quantized.onnx': '',
  'onnx/decoder_model_merged.onnx': '',
};

it('reads the dimensions of a model of another size, its tokens and its files', async () => {
  const read = await readFolder(await folderOf(whole));
  expect(read).toMatchObject({ bands: 128, layers: 4, heads: 20, headWidth: 64, suppressed: [], followingHeads: [] });
  expect(read.tokens).toMatchObject({ transcribe: 50_360, previous: 50_362, noSpeech: 50_363, end: 50_257 });
  expect(read.tokens.languages.get('yue')).toBe(50_358);
  expect(read.encoder).toMatch(/encoder_model_quantized\.onnx$/);
  expect(read.decoder).toMatch(/decoder_model_merged\.onnx$/);
});

it.each(['config.json', 'generation_config.json', 'tokenizer.json', 'onnx/decoder_model_merged.onnx'] as const)(
  'says what is missing: %s',
  async (missing) => {
    const { [missing]: _, ...files } = whole;
    await expect(folderOf(files).then(readFolder)).rejects.toMatchObject({ code: 'hear.model-unusable' });
  },
);

it('refuses a model of another kind', async () => {
  const other = folderOf({ ...whole, 'config.json': { model_type: 'moonshine' } });
  await expect(other.then(readFolder)).rejects.toMatchObject({ code: 'hear.model-unusable' });
});

it('sees by a file whether attention is handed out', async () => {
  const folder = await folderOf({ with: `${'x'.repeat(99)}cross_attentions.0`, without: 'logits' });
  expect(await handsOutAttention(join(folder, 'with'))).toBe(true);
  expect(await handsOutAttention(join(folder, 'without'))).toBe(false);
});

it('reads the spelling of tokens, bytes that are no character among them', async () => {
  const model = { vocab: { Ġhi: 0, 'å¥½': 1, 'å¥': 2, '<|en|>': 3 } };
  const folder = await folderOf({ 'tokenizer.json': { model, added_tokens: [{ id: 3 }] } });
  const vocabulary = await readVocabulary(join(folder, 'tokenizer.json'));
  expect(vocabulary.map((bytes) => bytes && [...bytes])).toEqual([
    [0x20, 0x68, 0x69],
    [0xe5, 0xa5, 0xbd],
    [0xe5, 0xa5],
  ]);
});

it('keeps the end of a long prompt, and takes no mark for text', () => {
  const tokenise = (text: string) => [...text].map((letter) => letter.codePointAt(0) ?? 0);
  expect(promptTokens('Ünal', tokenise, 50_257)).toEqual({ ids: [32, 220, 110, 97, 108], leftOut: 0 });
  expect(promptTokens('… ?!', tokenise, 50_257)).toEqual({ ids: [], leftOut: 0 });
  const long = promptTokens(`b${'a'.repeat(300)}`, tokenise, 50_257);
  expect(long.ids).toEqual(new Array(223).fill(97));
  expect(long.leftOut).toBe(302 - 223);
  expect(promptTokens('a<', () => [97, 50_258], 50_257).ids).toEqual([97]);
});

it('names 99 languages as BCP 47 does', () => {
  expect(new Set(LANGUAGES).size).toBe(99);
  for (const tag of LANGUAGES) expect(tagOf(codeOf(tag))).toBe(tag);
  expect(codeOf('jv')).toBe('jw');
  expect([codeOf('constructor'), tagOf('toString')]).toEqual(['constructor', 'toString']);
});
