import { expect, it } from 'vitest';
import { readWith } from '../../__fixtures__/read-with.ts';
import { type ZipFile, zip } from '../../__fixtures__/zip.ts';

const CHAPTER = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>';

function book(chapters: Readonly<Record<string, string | null>>, more: readonly ZipFile[] = []): Buffer {
  const names = Object.keys(chapters);
  const items = names.map(
    (name, index) => `<item id="c${index}" href="text/${name}" media-type="application/xhtml+xml"/>`,
  );
  return zip([
    { name: 'mimetype', text: 'application/epub+zip' },
    {
      name: 'META-INF/container.xml',
      text: '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
    },
    {
      name: 'OPS/book.opf',
      text: `<package><metadata><dc:title>小书</dc:title></metadata><manifest>${items.join('')}<item id="nav" href="nav.xhtml" properties="nav"/><item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest><spine>${names.map((_, index) => `<itemref idref="c${index}"/>`).join('')}</spine></package>`,
    },
    ...names.flatMap((name) =>
      chapters[name] === null ? [] : [{ name: `OPS/text/${name}`, text: CHAPTER + chapters[name] }],
    ),
    ...more,
  ]);
}

it('gives a page for each chapter in reading order, with the titles of its contents, new and old', async () => {
  const { pages, facts, losses } = await readWith(
    'epub',
    book({ 'b.xhtml': '<h1>二</h1><p>乙<img src="../i.png" alt="图"/></p>', 'a.xhtml': '<p>甲</p>' }, [
      { name: 'OPS/nav.xhtml', text: '<nav><ol><li><a href="text/b.xhtml#x">第一回</a></li></ol></nav>' },
      {
        name: 'OPS/toc.ncx',
        text: '<ncx><navMap><navPoint><navLabel><text>第二回</text></navLabel><content src="text/a.xhtml"/></navPoint></navMap></ncx>',
      },
      { name: 'OPS/i.png', text: 'x' },
    ]),
  );
  expect(facts).toMatchObject({ title: '小书', unit: 'chapter', pages: 2 });
  expect(pages.map(({ title, text }) => [title, text])).toEqual([
    ['第一回', '# 二\n\n乙\n\n![图]'],
    ['第二回', '甲'],
  ]);
  expect(losses).toEqual([]);
});

it('says which chapters are missing, and refuses locked ones; obfuscated fonts are no lock', async () => {
  const { losses, pages } = await readWith('epub', book({ 'a.xhtml': null }));
  expect(pages).toMatchObject([{ text: '', source: 'nothing' }]);
  expect(losses).toMatchObject([{ kind: 'page-unread', extent: 1 }]);
  const lock = (uri: string) => ({
    name: 'META-INF/encryption.xml',
    text: `<encryption><EncryptedData><CipherData><CipherReference URI="${uri}"/></CipherData></EncryptedData></encryption>`,
  });
  await expect(readWith('epub', book({ 'a.xhtml': '' }, [lock('OPS/text/a.xhtml')]))).rejects.toMatchObject({
    code: 'read.encrypted',
  });
  expect((await readWith('epub', book({ 'a.xhtml': '好' }, [lock('OPS/font.ttf')]))).text).toBe('好');
});

it('refuses an archive that is no book', async () => {
  await expect(readWith('epub', zip([{ name: 'a.txt', text: 'x' }]))).rejects.toMatchObject({ code: 'read.broken' });
});
