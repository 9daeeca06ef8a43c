import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { loadConfig } from '#config/index.ts';
import type { Picture } from '#contract/perception.ts';
import { eceOf, rankingOf, reliabilityOf, type Scored } from '#ledger/index.ts';
import { openSensorium } from '#pipeline/index.ts';
import { align, unitsOf } from '#score/index.ts';
import { fileOf, readManifest } from '../perceive/manifest.ts';

const data = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const isHere = existsSync(`${data}/manifest.jsonl`);
if (!isHere) console.log('reading: skipped, there is no ../shared/data here.');

/** Of the size they have: from print that a person reads at ease to print that nobody can. */
const SIZES = [1, 0.7, 0.5, 0.4, 0.3, 0.25];

it.skipIf(!isHere)(
  'says of characters in pictures how likely they are wrong as it is: no profile is needed',
  async () => {
    const sensorium = openSensorium(loadConfig());
    const judged: (Scored & { readonly file: string })[] = [];
    try {
      for (const row of (await readManifest(data)).filter(({ modality, text }) => modality === 'image' && text)) {
        for (const size of SIZES) {
          const bytes = await shrunk(fileOf(row, data), size);
          const media = { kind: 'bytes', bytes, name: 'picture.png' } as const;
          for await (const event of sensorium.perceive({ media, sense: 'see' }, new AbortController().signal)) {
            if (event.kind !== 'part-perceived' || event.perception.kind !== 'picture') continue;
            const glyphs = await judgedGlyphs(event.perception, row.text ?? '');
            judged.push(...glyphs.map((one) => ({ ...one, file: row.file })));
          }
        }
      }
    } finally {
      await sensorium.close();
    }
    const errors = judged.filter(({ hit }) => hit);
    const expected = judged.reduce((sum, { value }) => sum + value, 0);
    const { auroc } = rankingOf(judged);
    const ece = eceOf(reliabilityOf(judged));
    const files = new Set(errors.map(({ file }) => file)).size;
    console.log(
      `reading: ${judged.length} characters, ${errors.length} wrong in ${files} pictures, ${expected.toFixed(1)} expected; AUROC ${auroc.toFixed(3)}, ECE ${ece.toFixed(4)}`,
    );
    expect(judged.length).toBeGreaterThan(1_500);
    expect(errors.length).toBeGreaterThan(20);
    expect(auroc).toBeGreaterThan(0.95);
    expect(ece).toBeLessThan(0.02);
    expect(Math.abs(expected / errors.length - 1)).toBeLessThan(0.4);
  },
  300_000,
);

async function shrunk(path: string, size: number): Promise<Buffer> {
  const upright = sharp(path).rotate().flatten({ background: '#fff' });
  const { data: pixels, info } = await upright.png().toBuffer({ resolveWithObject: true });
  return size === 1
    ? pixels
    : sharp(pixels)
        .resize({ width: Math.max(8, Math.round(info.width * size)) })
        .png()
        .toBuffer();
}

/** Characters beside what is written there; width, case, script and punctuation are forgiven. */
async function judgedGlyphs({ lines }: Picture, text: string): Promise<Scored[]> {
  const cut = (one: string) => unitsOf(one, 'character', 'content', { numbers: 'written' });
  const glyphs: { piece: string; value: number; hit: boolean }[] = [];
  for (const { text: glyph, probability } of lines.flatMap(({ characters }) => characters)) {
    if (probability === null) continue;
    for (const piece of await cut(glyph)) glyphs.push({ piece, value: 1 - probability, hit: false });
  }
  const pieces = glyphs.map(({ piece }) => piece);
  for (const { kind, hypothesis } of align(await cut(text), pieces).spans)
    if (kind !== 'hit') for (const glyph of glyphs.slice(hypothesis.start, hypothesis.end)) glyph.hit = true;
  return glyphs;
}
