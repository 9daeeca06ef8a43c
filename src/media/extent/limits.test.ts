import { describe, expect, it } from 'vitest';
import { claims } from '../__fixtures__/pictures.ts';
import { type MediaLimits, takeMedia } from '../index.ts';

const limits: Partial<MediaLimits> = { maxPixels: 100e6, maxPages: 20 };

async function taken(bytes: Buffer) {
  const part = await takeMedia(
    { kind: 'bytes', bytes, name: 'picture' },
    { part: 'part-1', signal: new AbortController().signal, note: () => {}, limits },
  );
  await part.close();
  return part.media;
}

describe.each(Object.entries(claims))('%s', (type, claim) => {
  it('is taken when it is of a normal size', async () => {
    expect(await taken(claim(10_000, 9_999))).toMatchObject({ kind: 'image' });
  });

  it('is refused in a few bytes when it claims gigabytes, and memory stays flat', async () => {
    const bomb = claim(type === 'webp' ? 16_000_000 : 60_000, 60_000);
    expect(bomb.length).toBeLessThan(1_500);
    const before = process.memoryUsage.rss();
    for (let round = 0; round < 20; round++) {
      await expect(taken(bomb)).rejects.toMatchObject({ code: 'media.too-large', details: { height: 60_000 } });
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 2 ** 20);
  });
});

it.each(['png', 'gif', 'webp', 'tiff'])('counts the pictures in a %s', async (type) => {
  expect(await taken(claims[type]!(10, 10, 20))).toMatchObject({ kind: 'image' });
  await expect(taken(claims[type]!(10, 10, 21))).rejects.toMatchObject({
    code: 'media.too-large',
    details: { pages: 21 },
  });
});

it('ends with a file that leads in a circle, or nowhere', async () => {
  const circle = claims.tiff!(10, 10);
  circle.writeUInt32LE(1_000, 1_026);
  expect(await taken(circle)).toMatchObject({ kind: 'image' });
  const nowhere = claims.tiff!(10, 10);
  nowhere.writeUInt16LE(0, 1_002);
  await expect(taken(nowhere)).rejects.toMatchObject({ code: 'media.broken' });
  await expect(taken(claims.png!(0, 10))).rejects.toMatchObject({ code: 'media.broken' });
  const manyPieces = Buffer.concat([claims.gif!(10, 10).subarray(0, -2), Buffer.alloc(4_000_000, 1)]);
  expect(await taken(manyPieces)).toMatchObject({ kind: 'image' });
});

describe('a PDF', () => {
  const pdf = (body: string) => Buffer.from(`%PDF-1.7\n${body}\ntrailer\n<<>>\n%%EOF`);
  const tree = (count: number) =>
    `1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count ${count} >>\nendobj\n`;

  it.each<[string, string]>([
    ['its page tree', tree(21)],
    ['its page tree, written densely', '2 0 obj<</Count 21/Kids[3 0 R]/Type/Pages>>endobj'],
    ['its page tree, far into the file', `${'%'.repeat(262_100)}\n${tree(21)}`],
    ['its linearization', '1 0 obj\n<< /Linearized 1 /L 100 /H [ 1 2 ] /O 5 /E 9 /N 21 /T 9 >>\nendobj'],
  ])('is refused for the pages that %s counts', async (_, body) => {
    await expect(taken(pdf(body))).rejects.toMatchObject({
      code: 'media.too-large',
      details: { pages: 21, maxPages: 20 },
    });
  });

  it.each<[string, string]>([
    ['few pages', tree(20)],
    ['pages that are not told in plain', '1 0 obj << /Type /ObjStm /N 400 >> stream xx endstream endobj'],
    ['other counts than of pages', `${tree(2)}4 0 obj << /Type /Outlines /Count 5000 >> endobj`],
  ])('is taken with %s', async (_, body) => {
    expect(await taken(pdf(body))).toMatchObject({ kind: 'document' });
  });
});
