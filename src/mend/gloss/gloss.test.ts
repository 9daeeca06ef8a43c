import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { levelOf } from '#words/index.ts';
import { glossEdits, glossed } from './gloss.ts';
import { openGlossData, readComponents } from './gloss-data.ts';

// Lines in the shape of the file; 钅 is a known piece by its use in three common characters.
const LINES = [
  '# a remark',
  'U+94C1\t铁\t⿰钅失',
  'U+94DC\t铜\t⿰钅同',
  'U+94F6\t银\t⿰钅艮',
  'U+2CB31\t𬬱\t⿰钅斤',
  'U+9FCE\t鿎\t⿰石达[G]\t⿰石逹[X]',
  'U+20000\t𠀀\t&CDP-8B60;',
  'U+3D51\t㵑\t⿰氵𠳵',
].join('\n');

async function data(lines: string | null = LINES) {
  if (lines === null) return openGlossData(null);
  const folder = await mkdtemp(join(tmpdir(), 'sensorium-gloss-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'ids.txt'), lines);
  return openGlossData(folder);
}

const rare = (...characters: string[]) => characters.map((character) => ({ character, unwritable: null }));
const put = (text: string, edits: ReturnType<typeof glossEdits>) => {
  const points = [...text];
  for (const { start, after } of [...edits].reverse()) points.splice(start, 0, after);
  return points.join('');
};

describe('a gloss', () => {
  it('tells sound and components, on first use only', async () => {
    const text = '他叫王𬬱，𬬱是金属。';
    const edits = glossEdits(text, rare('𬬱'), await data(), 'zh');
    expect(edits).toEqual([{ start: 4, end: 4, before: '', after: '（jīn，⿰钅斤）', by: 'gloss' }]);
    expect(put(text, edits)).toBe('他叫王𬬱（jīn，⿰钅斤），𬬱是金属。');
  });

  it('has the meaning where the text is not Chinese', async () => {
    expect(put('Mr 王𬬱', glossEdits('Mr 王𬬱', rare('𬬱'), await data(), 'en'))).toBe(
      'Mr 王𬬱 (jīn, ⿰钅斤, “hew, chop, smooth”)',
    );
  });

  it('gives all readings, and the sound alone where nothing else is known', async () => {
    const [edit] = glossEdits('乜', rare('乜'), await data(null), 'zh-CN');
    expect(edit?.after).toBe('（niè/miē）');
  });

  it('does not stand twice, nor where nothing is known or nothing was written', async () => {
    const tables = await data();
    expect(glossEdits('𬬱（jīn，⿰钅斤）', rare('𬬱'), tables, 'zh')).toEqual([]);
    expect(glossEdits('a', rare('a'), tables, 'zh')).toEqual([]);
    expect(glossEdits('𬬱', [{ character: '𬬱', unwritable: true }], tables, 'zh')).toEqual([]);
    expect(glossEdits('𬬱', [{ character: null, unwritable: null }], tables, 'zh')).toEqual([]);
  });

  it('can be taken out again to the byte, and is counted', async () => {
    const tables = await data();
    const units = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom('𬬱', '鿎', '㵑', '（', '吧', '😀'),
    );
    fc.assert(
      fc.property(fc.array(units, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const edits = glossEdits(text, rare('𬬱', '鿎', '㵑'), tables, 'zh');
        const points = [...put(text, edits)];
        for (const { start, end, before, after } of edits) {
          expect([end, before]).toEqual([start, '']);
          expect(points.slice(start, start + [...after].length).join('')).toBe(after);
          points.splice(start, [...after].length);
        }
        expect(points.join('')).toBe(text);
      }),
    );
    expect(glossed('part-1', 2, glossEdits('𬬱', rare('𬬱'), tables, 'zh'), 9)).toMatchObject({
      id: 'gloss',
      applied: true,
      editsAccepted: 1,
      addedTokens: 9,
    });
    expect(glossed('part-1', 1, [], null)).toMatchObject({ applied: false, addedTokens: null });
  });
});

describe('the tables', () => {
  it('hold what readers know the pieces of', () => {
    const components = readComponents(LINES);
    expect([...components]).toEqual([
      ['𬬱', '⿰钅斤'],
      ['鿎', '⿰石达'],
    ]);
  });

  it('have a meaning for nine of ten characters on levels 2 and 3', async () => {
    const tables = await data(null);
    let [known, all] = [0, 0];
    for (let code = 0x3400; code < 0x33480; code++) {
      const character = String.fromCodePoint(code);
      if ((levelOf(character) ?? 1) === 1) continue;
      all += 1;
      if (tables.meaningOf(character) !== null) known += 1;
    }
    expect([known, all]).toEqual([4184, 4605]);
  });
});
