import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  SENSE_TOKENS,
  writeDiarisation,
  writeParaformer,
  writeSenseVoice,
  writeTokens,
  writeZipformer,
} from './__fixtures__/tiny-models.ts';
import { recogniserFiles, speakerFiles } from './files.ts';
import { sherpaDiariser, sherpaRecogniser } from './index.ts';
import { onnxMetadata } from './metadata.ts';

const home = mkdtempSync(join(tmpdir(), 'sensorium-sherpa-files-'));
afterAll(() => rmSync(home, { recursive: true }));
let count = 0;
function folder(write: (folder: string) => void): string {
  count += 1;
  const path = join(home, `model-${count}`);
  mkdirSync(path);
  write(path);
  return path;
}
const unusable = (message: string, hint: string) => ({
  code: 'hear.model-unusable',
  message: expect.stringContaining(message),
  hint: expect.stringContaining(hint),
});

describe('recogniserFiles', () => {
  it('finds the files of the released layouts, 8 bits where there are two', async () => {
    const sense = folder(writeSenseVoice);
    expect(await recogniserFiles('sensevoice', sense)).toMatchObject({ model: join(sense, 'model.onnx') });
    cpSync(join(sense, 'model.onnx'), join(sense, 'model.int8.onnx'));
    expect(await recogniserFiles('sensevoice', sense)).toMatchObject({ model: join(sense, 'model.int8.onnx') });

    const zip = folder(writeZipformer);
    cpSync(join(zip, 'encoder-epoch-99-avg-1.int8.onnx'), join(zip, 'encoder-a-0-without-others.onnx'));
    cpSync(join(zip, 'decoder-epoch-99-avg-1.onnx'), join(zip, 'decoder-epoch-99-avg-1.int8.onnx'));
    expect(await recogniserFiles('zipformer', zip)).toEqual({
      kind: 'zipformer',
      encoder: join(zip, 'encoder-epoch-99-avg-1.int8.onnx'),
      decoder: join(zip, 'decoder-epoch-99-avg-1.onnx'),
      joiner: join(zip, 'joiner-epoch-99-avg-1.int8.onnx'),
      tokens: join(zip, 'tokens.txt'),
    });
  });

  it.each([
    ['sensevoice', 'model.int8.onnx or model.onnx', 'sherpa-onnx-sense-voice-zh-en-ja-ko-yue'],
    ['paraformer', 'model.int8.onnx or model.onnx', 'sherpa-onnx-paraformer-zh-2023-09-14'],
    ['zipformer', 'encoder….onnx', 'sherpa-onnx-streaming-zipformer-bilingual-zh-en-2023-02-20'],
  ] as const)('says what %s lacks and what to get', async (kind, lacking, release) => {
    const empty = folder(() => {});
    await expect(sherpaRecogniser(kind, empty)).rejects.toMatchObject(unusable(lacking, release));
    await expect(sherpaRecogniser(kind, join(home, 'nowhere'))).rejects.toMatchObject(unusable('ENOENT', release));
  });

  it('refuses the model of another kind, and one that is no model', async () => {
    await expect(recogniserFiles('sensevoice', folder(writeParaformer))).rejects.toMatchObject(
      unusable('holds no SenseVoice model: model.int8.onnx does not tell its', 'sense-voice'),
    );
    const voices = folder(writeDiarisation);
    writeTokens(voices, SENSE_TOKENS);
    await expect(recogniserFiles('paraformer', voices)).rejects.toMatchObject(unusable('vocab_size', 'paraformer'));
    const pointer = folder((path) =>
      writeFileSync(join(path, 'model.onnx'), 'version https://git-lfs.github.com/spec/v1\n'),
    );
    await expect(recogniserFiles('sensevoice', pointer)).rejects.toMatchObject(unusable('no whole ONNX model', ''));
    const cut = folder(writeSenseVoice);
    writeFileSync(join(cut, 'model.onnx'), readFileSync(join(cut, 'model.onnx')).subarray(0, 900));
    await expect(recogniserFiles('sensevoice', cut)).rejects.toMatchObject(unusable('no whole ONNX model', ''));
  });

  it('refuses a list of tokens that is missing, foreign or of another model', async () => {
    const sense = folder(writeSenseVoice);
    rmSync(join(sense, 'tokens.txt'));
    await expect(recogniserFiles('sensevoice', sense)).rejects.toMatchObject(
      unusable('lacks tokens.txt', 'tokens.txt'),
    );
    writeTokens(sense, SENSE_TOKENS.slice(0, 9));
    await expect(recogniserFiles('sensevoice', sense)).rejects.toMatchObject(unusable('lacks token 9', ''));
    writeFileSync(join(sense, 'tokens.txt'), 'a b 1\n');
    await expect(recogniserFiles('sensevoice', sense)).rejects.toMatchObject(unusable('no token and its number', ''));
    const para = folder(writeParaformer);
    writeTokens(para, ['<blank>', '<s>', '<eos>', '我', '爱', 'mo@@', 'del', '吗', '<unk>']);
    await expect(recogniserFiles('paraformer', para)).rejects.toMatchObject(unusable('no </s>', ''));
  });
});

describe('speakerFiles', () => {
  it('tells segmentation and embedding apart whatever they are called, and says which is missing', async () => {
    const both = folder(writeDiarisation);
    cpSync(join(both, 'model.onnx'), join(both, 'z.onnx'));
    cpSync(join(both, 'wespeaker_tiny.onnx'), join(both, 'a.onnx'));
    expect(await speakerFiles(both)).toEqual({
      segmentation: join(both, 'model.onnx'),
      embedding: join(both, 'a.onnx'),
    });
    rmSync(join(both, 'a.onnx'));
    rmSync(join(both, 'wespeaker_tiny.onnx'));
    await expect(sherpaDiariser(both)).rejects.toMatchObject(unusable('speaker embedding', '3dspeaker_'));
    const none = folder(writeSenseVoice);
    await expect(sherpaDiariser(none)).rejects.toMatchObject(unusable('segmentation', 'pyannote-segmentation-3-0'));
  });
});

describe('onnxMetadata', () => {
  it('reads the notes of a model, and none of what is no model', async () => {
    const sense = folder(writeSenseVoice);
    const notes = await onnxMetadata(join(sense, 'model.onnx'));
    expect(notes?.get('vocab_size')).toBe(`${SENSE_TOKENS.length}`);
    expect(notes?.get('inv_stddev')?.split(',').length).toBe(560);
  });

  it('comes to an end over any bytes', async () => {
    const path = join(home, 'any.onnx');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        writeFileSync(path, bytes);
        const notes = await onnxMetadata(path);
        expect(notes === null || notes instanceof Map).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
