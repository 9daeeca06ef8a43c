import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { Pixels } from '#contract/media.ts';
import type { Describer } from '#contract/ports.ts';
import { writeFlorence } from './__fixtures__/tiny-model.ts';
import { florence2 } from './engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'florence-'));
const open: Describer[] = [];

function paper([red, green, blue]: readonly [number, number, number], widthPx = 40, heightPx = 30): Pixels {
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  for (let at = 0; at < rgb.length; at += 3) rgb.set([red, green, blue], at);
  return { widthPx, heightPx, rgb };
}
const RED = paper([200, 20, 10]);

async function describing(
  describer: Describer,
  pixels: Pixels,
  language: 'en' | 'zh' = 'en',
  signal = new AbortController().signal,
) {
  const losses: Loss[] = [];
  const said = await describer.describe(
    { part: 'part-1', pixels, language },
    { signal, note: (loss) => losses.push(loss) },
  );
  return { ...said, losses };
}

afterAll(async () => {
  await Promise.all(open.map((one) => one.close()));
  rmSync(folder, { recursive: true });
});

describe('Florence-2, with the real library and the smallest model of that shape', () => {
  it('says what is missing in a folder', async () => {
    await expect(florence2(join(folder, 'none'))).rejects.toMatchObject({
      code: 'see.unknown-engine',
      message: expect.stringContaining('config.json'),
      hint: expect.stringContaining('onnx-community/Florence-2'),
    });
    writeFlorence(folder, '_quantized');
    writeFileSync(join(folder, 'config.json'), '{"model_type":"bert"}');
    await expect(florence2(folder)).rejects.toThrow('another kind of model');
    writeFlorence(folder, '_quantized');
    rmSync(join(folder, 'onnx', 'embed_tokens_quantized.onnx'));
    await expect(florence2(folder)).rejects.toThrow('onnx/embed_tokens.onnx is missing');
  });

  it('tells by the picture what is shown, and tells what it could not', async () => {
    writeFileSync(join(folder, 'onnx', 'embed_tokens_quantized.onnx'), 'not a graph');
    const describer = await florence2(folder);
    open.push(describer);
    expect(describer.id).toMatch(/^florence-2:florence-/);
    await expect(describing(describer, RED)).rejects.toMatchObject({
      code: 'see.unknown-engine',
      message: expect.stringContaining('does not open'),
    });
    writeFlorence(folder, '_quantized');

    expect(await describing(describer, RED)).toEqual({
      text: 'A red wall with a sign.',
      objects: ['sign', 'wall'],
      losses: [],
    });
    const blue = (widthPx: number, heightPx: number) => describing(describer, paper([10, 20, 200], widthPx, heightPx));
    expect((await blue(1, 1)).text).toBe('The blue sea.');
    expect((await blue(4_000, 3)).text).toBe('The blue sea.');

    const zh = await describing(describer, RED, 'zh');
    expect(zh.text).toBe('A red wall with a sign.');
    const engine = describer.id;
    expect(zh.losses).toMatchObject([{ kind: 'language-unsupported', part: 'part-1', engine, text: 'zh' }]);

    const endless = await describing(describer, paper([20, 200, 20]));
    expect(endless.text).toContain('Grass and');
    expect(endless.losses).toMatchObject([{ kind: 'text-truncated', part: 'part-1', engine }]);
    await expect(describing(describer, paper([1, 1, 1]))).rejects.toMatchObject({ code: 'see.not-described' });
    await expect(describing(describer, RED, 'en', AbortSignal.abort())).rejects.toMatchObject({
      code: 'kit.cancelled',
    });
  });
});
