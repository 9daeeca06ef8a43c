import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture, paragraph, slides, word, workbook } from '../__fixtures__/office.ts';
import { readWith, TYPES } from '../__fixtures__/read-with.ts';
import { zip } from '../__fixtures__/zip.ts';
import { documentEntry } from '../engines/index.ts';
import { openArchive, partAt } from './archive.ts';
import { LIMITS } from './limits.ts';

describe('archives', () => {
  it('end at the limit of what they unpack to', async () => {
    const bomb = zip([{ name: 'a', text: Buffer.alloc(100 * 2 ** 20) }]);
    expect(bomb.length).toBeLessThan(200_000);
    const archive = await openArchive(bomb, 'bomb.docx');
    await expect(archive.bytes('a')).rejects.toMatchObject({ code: 'read.too-large' });
    const drain = async () => {
      for (let round = 0; round < 11; round++) for await (const _ of archive.stream('a'));
    };
    await expect(drain()).rejects.toMatchObject({ code: 'read.too-large', message: /1024 MB/ });
  });

  it('are refused with too many files, a way out of the archive, or a password', async () => {
    const many = zip(Array.from({ length: LIMITS.entries + 1 }, (_, index) => ({ name: `f${index}`, text: '' })));
    await expect(openArchive(many, 'many.docx')).rejects.toMatchObject({ code: 'read.too-large' });
    for (const name of ['../../etc/passwd', '/etc/passwd', 'C:/x']) {
      await expect(openArchive(zip([{ name, text: '' }]), 'x.docx')).rejects.toMatchObject({ code: 'read.broken' });
    }
    const locked = await openArchive(zip([{ name: 'a', text: 'x', isEncrypted: true }]), 'x.docx');
    await expect(locked.bytes('a')).rejects.toMatchObject({ code: 'read.encrypted' });
  });

  it('never lead out of themselves', () => {
    expect(partAt('ppt/slides/s.xml', '../media/a.png')).toBe('ppt/media/a.png');
    expect(partAt('a/b.xml', '../../../../etc/passwd')).toBe('etc/passwd');
    expect(partAt('a/b.xml', '/word/x.xml')).toBe('word/x.xml');
  });
});

describe('markup', () => {
  it('has no entities but those of XML, and fetches nothing', async () => {
    const dtd = '<!DOCTYPE x [<!ENTITY a "bomb"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>';
    const bytes = zip([
      {
        name: '_rels/.rels',
        text: '<Relationships><Relationship Id="r" Type="x/officeDocument" Target="d.xml"/></Relationships>',
      },
      { name: 'd.xml', text: `${dtd}<document><body>${paragraph('好&b;&f;&amp;')}</body></document>` },
    ]);
    const { text } = await readWith('docx', bytes);
    expect(text).toContain('好&b;&f;&');
    expect(text).not.toMatch(/bombbomb|root:/);
  });

  it('is refused when it nests deeper than any program writes', async () => {
    const deep = word(`<w:p>${'<w:r>'.repeat(2_000)}`);
    await expect(readWith('docx', deep)).rejects.toMatchObject({ code: 'read.broken' });
  });

  it('is refused when one piece has too many elements', async () => {
    const wide = word(`<w:p>${'<w:r/>'.repeat(LIMITS.elements + 1)}</w:p>`);
    await expect(readWith('docx', wide)).rejects.toMatchObject({ code: 'read.too-large' });
  });

  it('may hold huge attributes', async () => {
    const { text } = await readWith(
      'docx',
      word(`<w:p w:rsid="${'x'.repeat(5_000_000)}"><w:r><w:t>好</w:t></w:r></w:p>`),
    );
    expect(text).toBe('好');
  });
});

describe('files that are something else', () => {
  it.each([
    ['application/msword', 'read.unsupported', /DOCX/],
    ['application/vnd.ms-excel', 'read.unsupported', /XLSX/],
    ['application/vnd.oasis.opendocument.text', 'read.unsupported', /DOCX/],
    ['application/vnd.ms-office.encrypted', 'read.encrypted', /password/],
    ['application/x-something', 'read.unsupported', /Word/],
  ])('%s is %s', (mimeType, code, hint) => {
    expect(() => documentEntry(mimeType, 'file')).toThrow(
      expect.objectContaining({ code, hint: expect.stringMatching(hint) }),
    );
  });

  it('an Office file of another kind than it was taken for is broken', async () => {
    await expect(readWith('docx', slides([]))).rejects.toMatchObject({ code: 'read.broken' });
    await expect(readWith('docx', zip([{ name: 'a', text: '' }]))).rejects.toMatchObject({ code: 'read.broken' });
  });

  it('a locked or old Office file says so, also when its kind was mistaken', async () => {
    const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1_000)]);
    await expect(readWith('xlsx', ole)).rejects.toMatchObject({ code: 'read.broken', message: /2007/ });
    const locked = Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le')]);
    await expect(readWith('xlsx', locked)).rejects.toMatchObject({ code: 'read.encrypted' });
  });
});

describe('damaged files', () => {
  const whole = {
    docx: fixture('report.docx'),
    pptx: slides(['<p:sp><p:txBody><a:p><a:r><a:t>好</a:t></a:r></a:p></p:txBody></p:sp>']),
    xlsx: fixture('budget.xlsx'),
    epub: fixture('report.epub'),
    csv: Buffer.from('城市,人口\n上海,"2,487"\n'),
    markdown: Buffer.from('# 标题\n\n```\n'),
  } as const;

  it.each(Object.keys(whole) as (keyof typeof whole)[])('%s ends in a document or in read.*', async (format) => {
    const good = whole[format];
    const change = fc.record({ at: fc.nat(good.length - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 30 }), fc.nat(good.length), async (changes, cut) => {
        const bytes = Buffer.from(cut % 3 === 0 ? good.subarray(0, cut) : good);
        for (const { at, byte } of changes) if (at < bytes.length) bytes[at] = byte;
        const outcome = await readWith(format, bytes).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toMatchObject({ code: expect.stringMatching(/^read\./) });
      }),
      { numRuns: 60 },
    );
  });

  it('whose markup is damaged inside a sound archive do so too', async () => {
    const sheet =
      '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>';
    const text = fc.tuple(fc.nat(sheet.length), fc.nat(20), fc.string({ maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(text, async ([at, length, other]) => {
        const damaged = sheet.slice(0, at) + other + sheet.slice(at + length);
        const outcome = await readWith('xlsx', workbook(damaged)).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toMatchObject({ code: expect.stringMatching(/^read\./) });
      }),
      { numRuns: 150 },
    );
  });
});

it('knows every type it tests', () => {
  for (const type of Object.values(TYPES)) expect(documentEntry(type, 'file').mimeTypes).toContain(type);
});
