import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWith } from '../../__fixtures__/read-with.ts';

const textOf = async (html: string | Uint8Array, options = {}) => (await readWith('html', html, options)).text;

describe('a web page', () => {
  it.each<[string, string, string]>([
    [
      'headings and links',
      '<h2>题<br>目</h2><p>看<a href="https://e.org/a b">这里</a></p>',
      '## 题 目\n\n看[这里](https://e.org/a%20b)',
    ],
    ['links that run something, as words', '<a href="javascript:alert(1)">x</a> <a href="#y">y</a>', 'x y'],
    ['lists in lists', '<ol start=3><li>a<ul><li>b</ul><li>c</ol>', '3. a\n  - b\n4. c'],
    [
      'cells over rows and columns',
      '<table><tr><th colspan=2>头<tr><td rowspan=2>一<td>x<tr><td>y</table>',
      '| 头 |  |\n| --- | --- |\n| 一 | x |\n| 一 | y |',
    ],
    [
      'no scripts, styles or hidden things',
      '<script>1</script><style>2</style><p hidden>3<p style="display: none">4</p><template>5</template><p>6',
      '6',
    ],
    ['alternative text', '<p>图<img alt="一只猫" src="http://e.org/a.png"></p>', '图![一只猫]'],
    ['code as it is', '<pre>a\n  b```</pre>', '````\na\n  b```\n````'],
    ['lines of Chinese that were only broken', '<p>你\n  好\n  world\nagain</p>', '你好 world again'],
    ['marks of weight, raised figures', '<p><b>重</b><b>要</b> x<sup>2</sup> <s>旧</s></p>', '**重要** x² ~~旧~~'],
    ['ruby', '<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>', '漢(かん)'],
    [
      'quotations, rules and forms',
      '<blockquote>甲<p>乙</blockquote><hr><input type=checkbox checked>好',
      '> 甲\n\n> 乙\n\n---\n\n☑ 好',
    ],
    ['entities', '&lt;你&gt; &amp;&nbsp;&#x4f60;', '<你> & 你'],
  ])('keeps %s', async (_, html, expected) => expect(await textOf(html)).toBe(expected));

  it('is read in the encoding it says it has, else in the one it was told, else in UTF-8 or GB 18030', async () => {
    const chinese = Buffer.from('c4e3bac3', 'hex');
    const page = (head: string, bytes: Uint8Array) => Buffer.concat([Buffer.from(head), bytes]);
    expect(await textOf(page('<meta charset="gb2312"><p>', chinese))).toBe('你好');
    expect(await textOf(page('<p>', chinese))).toBe('你好');
    expect(await textOf(page('<meta content="text/html; charset=big5"><p>', Buffer.from('a741a66e', 'hex')))).toBe(
      '你好',
    );
    expect(await textOf(page('<p>', Buffer.from('a741a66e', 'hex')), { charset: 'big5' })).toBe('你好');
    expect(await textOf(Buffer.from('\ufeff<p>你好', 'utf16le'))).toBe('你好');
    const { losses } = await readWith('html', page('<meta charset="utf-8"><p>', chinese));
    expect(losses).toMatchObject([{ kind: 'unwritable-character', extent: 3 }]);
  });

  it('has its title, and says that pictures without words are left out', async () => {
    const { facts, losses } = await readWith(
      'html',
      '<title>标\n题</title><svg><title>x</title></svg><img src=a.png>字',
    );
    expect(facts).toMatchObject({ title: '标 题', unit: 'whole' });
    expect(losses).toMatchObject([{ kind: 'not-described', extent: 1 }]);
  });

  it('ends soon whatever it nests', async () => {
    expect(await textOf(`${'<div>'.repeat(5_000)}深`)).toBe('深');
    expect(await textOf(`${'<b><i>'.repeat(3_000)}深`)).toBe('***深***');
    await expect(textOf('<div>'.repeat(30_000))).rejects.toMatchObject({ code: 'read.too-large' });
    expect(await textOf('<table><tr><td colspan=999999999 rowspan=999999999>x<td>y</table>')).toContain('x');
  });

  it('gives a clean text for anything', async () => {
    const tags = fc.constantFrom(
      '<p>',
      '</p>',
      '<table>',
      '<tr>',
      '<td>',
      '<li>',
      '<ul>',
      '<b>',
      '</b>',
      '<script>',
      '<!--',
      '<h1>',
      '<pre>',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(tags, fc.string({ unit: 'grapheme' })), { maxLength: 40 }), async (pieces) => {
        const { pages } = await readWith('html', pieces.join(''));
        expect(pages).toHaveLength(1);
        expect(pages[0]?.text).toBe(pages[0]?.text.trim().normalize('NFC'));
      }),
      { numRuns: 100 },
    );
  });
});
