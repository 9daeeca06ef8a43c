import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { contentOf, verbatimOf } from './content.ts';

describe('content', () => {
  it.each([
    ['zh', '２０２６年５月３日', '二零二六年五月三日'],
    ['zh', '兩千五百元', '2500元'],
    ['zh', '增长6.5%。', '增长百分之六点五'],
    ['zh', '我買了15個蘋果！', '我买了十五个苹果'],
    ['en', 'It costs $20.50, or 42% more.', 'it costs twenty dollars fifty cents or forty two percent more'],
    ['en', 'one hundred and five', '105'],
    ['zh+en', '我有3个GPU', '我有三个 gpu'],
  ])('%s: %s is %s', async (language, one, other) => {
    expect((await contentOf(one, { language })).replaceAll(' ', '')).toBe(
      (await contentOf(other, { language })).replaceAll(' ', ''),
    );
  });

  it('leaves numbers where nobody says them in a language it knows', async () => {
    expect(await contentOf('Im Jahr 1455', { language: 'de' })).toBe('im jahr 1455');
    expect(await contentOf('1455', {})).toBe('1455');
    expect(await contentOf('Nº 12', { language: 'en', numbers: 'written' })).toBe('no 12');
  });

  it('keeps particles and fillers: they are said', async () => {
    expect(await contentOf('嗯，好吧。Um… yes', { language: 'zh' })).toBe('嗯 好吧 um yes');
  });

  it('can leave the colour of the last syllable out, not a syllable', async () => {
    const without = (text: string) => contentOf(text, { language: 'zh', erhua: 'drop' });
    expect(await without('花儿在这儿，女儿和儿子玩儿')).toBe('花在这 女儿和儿子玩');
    expect(await contentOf('花儿', { language: 'zh' })).toBe('花儿');
  });

  it('has nothing left to forgive in what it made', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 40 }), async (text) => {
        const once = await contentOf(text, { numbers: 'written' });
        expect(await contentOf(once, { numbers: 'written' })).toBe(once);
      }),
    );
  });
});

it('forgives nothing in verbatim', () => {
  expect(verbatimOf('Ｕm… [笑] 好吧,Cafe\u0301')).toBe('Ｕm… [笑] 好吧,Café');
});

// The least share of rows whose written and spoken form must have the same content.
test.each([
  ['en', 0.95],
  ['zh', 0.95],
] as const)('written and spoken forms of NeMo-text-processing, %s', async (language, least) => {
  const path = `../shared/data/text/normalise-${language}.tsv`;
  if (!existsSync(path)) {
    console.log(`SKIPPED: ${path} is absent; 0 rows were compared.`);
    return;
  }
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .slice(1)
    .filter((row) => row !== '')
    .map((row) => row.split('\t'));
  const classes = new Map<string, { right: number; all: number }>();
  const misses: string[] = [];
  for (const [kind = '', written = '', spoken = ''] of rows) {
    const count = classes.get(kind) ?? { right: 0, all: 0 };
    classes.set(kind, count);
    count.all += 1;
    const [one, other] = [await contentOf(written, { language }), await contentOf(spoken, { language })];
    if (one.replaceAll(' ', '') === other.replaceAll(' ', '')) count.right += 1;
    else misses.push(`  ${kind}: ${written}: ${one} | ${other}`);
  }
  const right = rows.length - misses.length;
  const table = [...classes].map(([kind, count]) => `${kind.padEnd(24)}${count.right}/${count.all}`);
  console.log([`content ${language}: ${right}/${rows.length} rows`, ...table, ...misses].join('\n'));
  expect(right / rows.length).toBeGreaterThanOrEqual(least);
});
