import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import { colourPng, tone } from '../../ask/dialects/local-mtmd/__fixtures__/media-bytes.ts';
import { writeTinyModels } from '../../ask/dialects/local-mtmd/__fixtures__/tiny-gguf.ts';
import { missingForMtmd } from './__fixtures__/can-run-mtmd.ts';
import { part, soundOf } from './__fixtures__/media-part.ts';
import { tableModel } from './__fixtures__/table-model.ts';
import { mmproj } from './mmproj.ts';

const WIDTH = 64;
const { signal } = new AbortController();
const missing = missingForMtmd();
if (missing) console.log(`mmproj: 4 tests skipped, ${missing} is not here.`);

const folder = mkdtempSync(join(tmpdir(), 'mmproj-'));
afterAll(() => rmSync(folder, { recursive: true }));
const files = writeTinyModels(folder);

describe.skipIf(missing !== null)('the model’s own projector', { timeout: 60_000 }, () => {
  const small = () => tableModel({ width: WIDTH });

  it('makes the same of the same picture in another process, says what it is, and is one vector a patch', async () => {
    const png = colourPng([10, 200, 10]);
    const made = [];
    for (let time = 0; time < 2; time++) {
      const component = await mmproj({ file: files.eye, model: small(), modelFile: files.model, signal });
      made.push(await component.embed(part('image', png), { signal, note: () => {} }));
      await component.close();
    }
    const [first, second] = made;
    expect(first).toMatchObject({ rows: 16, width: WIDTH, surrogate: '[image]' });
    expect(second?.sha256).toBe(first?.sha256);
    expect(first?.component).toMatch(/^mmproj:mmproj-eye\.gguf@[0-9a-f]{12}$/);
  });

  it('says that only the first frame went in', async () => {
    const { default: sharp } = await import('sharp');
    const frame = (red: number) => ({
      create: { width: 20, height: 20, channels: 3 as const, background: { r: red, g: 0, b: 0 } },
    });
    const gif = await sharp([frame(0), frame(120), frame(255)].map((one) => one) as never, { join: { animated: true } })
      .gif()
      .toBuffer();
    const component = await mmproj({ file: files.eye, model: small(), modelFile: files.model, signal });
    const losses: Loss[] = [];
    await component.embed(part('image', gif), { signal, note: (loss) => void losses.push(loss) });
    await component.close();
    expect(losses).toMatchObject([
      { kind: 'frames-sampled', stage: 'embed', part: 'part-1', extent: 2, unit: 'frames' },
    ]);
  });

  it('refuses a projector of another model, a file that is none, and one cut short', async () => {
    const bad = join(folder, 'bad.gguf');
    for (const bytes of [
      Buffer.from('no GGUF at all'),
      readFileSync(files.both).subarray(0, 40_000),
      Buffer.alloc(0),
    ]) {
      writeFileSync(bad, bytes);
      await expect(mmproj({ file: bad, model: small(), modelFile: files.model, signal })).rejects.toMatchObject({
        code: 'inject.component-unusable',
      });
    }
    await expect(
      mmproj({ file: files.both, model: tableModel({ width: 32 }), modelFile: files.model, signal }),
    ).rejects.toThrow(/makes 64 numbers, table takes 32/);
    await expect(mmproj({ file: files.both, model: small(), modelFile: files.both, signal })).rejects.toMatchObject({
      code: 'inject.component-unusable',
    });
  });

  it('refuses what its projector has no sense for', async () => {
    const component = await mmproj({ file: files.eye, model: small(), modelFile: files.model, signal });
    const sound = tone(440);
    await expect(component.embed(part('audio', sound, soundOf(sound)), { signal, note: () => {} })).rejects.toThrow(
      /cannot take part-1/,
    );
    await component.close();
  });
});

it('refuses models whose prompts cannot say what their projector means', async () => {
  const open = (about: Parameters<typeof tableModel>[0]) =>
    mmproj({ file: files.both, model: tableModel({ width: WIDTH, ...about }), modelFile: files.model, signal });
  await expect(open({ deepstackLayers: 3 })).rejects.toThrow(/DeepStack/);
  await expect(open({ positionStreams: 4 })).rejects.toThrow(/M-RoPE/);
  await expect(mmproj({ file: files.both, model: tableModel(), modelFile: undefined, signal })).rejects.toThrow(
    /own file/,
  );
});
