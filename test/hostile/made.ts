import fc from 'fast-check';
import { claims } from '../../src/media/__fixtures__/pictures.ts';
import { wavFile } from '../../src/media/__fixtures__/wav.ts';
import { contentTypes, slides, word, workbook } from '../../src/perceive/read/__fixtures__/office.ts';
import { zip } from '../../src/perceive/read/__fixtures__/zip.ts';
import { fileOf, stream } from '../../src/runtime/pdf/__fixtures__/pdf.ts';

/** Files that nobody would make by accident: their structure is right enough to be believed, and what it says is not. */
export type Made = fc.Arbitrary<Uint8Array>;

const odd32 = fc.oneof(
  fc.constantFrom(0, 1, 2, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff_ff00),
  fc.nat(0xffff),
  fc.nat(0xffff_ffff),
);
const bytes = (maxLength: number) => fc.uint8Array({ maxLength });

/** WAV files whose heads lie: about sizes, channels, rates, codings. */
export const wavs: Made = fc
  .record({
    data: bytes(20_000),
    tag: fc.constantFrom(1, 1, 1, 3, 3, 6, 7, 0, 17, 85, 0xfffe, 0xffff),
    bits: fc.constantFrom(8, 8, 16, 16, 24, 32, 32, 64, 12, 40, 8_000),
    channels: fc.constantFrom(1, 1, 1, 1, 2, 3, 64, 65, 0),
    sampleRateHz: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(1_000, 8_000, 11_025, 16_000, 44_100, 384_000) },
      { weight: 1, arbitrary: fc.constantFrom(0, 1, 999, 384_001) },
      { weight: 1, arbitrary: odd32 },
    ),
    dataSize: fc.option(odd32, { nil: undefined }),
    extensible: fc.boolean(),
    rf64: fc.boolean(),
    extra: fc.array(fc.tuple(fc.constantFrom('LIST', 'fmt ', 'ds64', 'data', 'junk'), bytes(40)), { maxLength: 4 }),
  })
  .map(({ data, dataSize, ...how }) => {
    const sizes = { ...how, bits: 8, channels: 1, ...(dataSize === undefined ? {} : { dataSize }) };
    const file = wavFile(data, sizes);
    const at = file.indexOf('fmt ', how.extra.reduce((sum, [, body]) => sum + 8 + body.length, 12) - 4);
    if (at < 0) return file;
    file.writeUInt16LE(how.channels, at + 10);
    file.writeUInt16LE(how.bits, at + 22);
    return file;
  });

/** Heads of pictures that claim a size, with anything after them. */
export const pictures: Made = fc
  .record({
    kind: fc.constantFrom(...Object.keys(claims)),
    width: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(1, 50_000, 0xffff)),
    height: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(1, 50_000, 0xffff)),
    frames: fc.constantFrom(1, 1, 2, 30, 2_000),
    rest: bytes(600),
  })
  .map(({ kind, width, height, frames, rest }) => Buffer.concat([claims[kind]!(width, height, frames), rest]));

const OPERATORS =
  'q Q cm w J j M d ri i gs m l c v y h re S s f F f* B B* b b* n W W* BT ET Tc Tw Tz TL Tf Tr Ts Td TD Tm T* Tj TJ \' " d0 d1 CS cs SC SCN sc scn G g RG rg K k sh BI ID EI Do MP DP BMC BDC EMC BX EX'.split(
    ' ',
  );
const operand = fc.oneof(
  fc.constantFrom(
    '0',
    '1',
    '-1',
    '1e9',
    '99999999999',
    '0.00001',
    '/F1',
    '/I1',
    '(a)',
    '(\\\\)',
    '<00>',
    '[(a) -5000 (b)]',
    '<< >>',
    '[',
    ']',
    '<<',
    '(',
  ),
  fc.integer({ min: -2_000, max: 2_000 }).map(String),
);
const content = fc
  .array(fc.tuple(fc.array(operand, { maxLength: 6 }), fc.constantFrom(...OPERATORS)), { maxLength: 200 })
  .map((all) => all.map(([operands, operator]) => `${operands.join(' ')} ${operator}`).join('\n'));
const reference = fc.integer({ min: 0, max: 14 }).map((number) => `${number} 0 R`);
const value: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '0',
    '-1',
    '2147483647',
    '4294967296',
    '1e30',
    'null',
    'true',
    '/Pages',
    '/Page',
    '()',
    '[ ]',
    '<< >>',
  ),
  reference,
  fc.array(reference, { maxLength: 5 }).map((all) => `[${all.join(' ')}]`),
  fc.integer({ min: 1, max: 3_000 }).map((deep) => '['.repeat(deep) + ']'.repeat(deep)),
);

/** PDFs whose objects point at each other in circles, with counts and boxes that lie, and contents of any operators. */
export const pdfs: Made = fc
  .record({
    count: fc.oneof(fc.constantFrom('2', '0', '-1', '499', '2147483647'), value),
    kids: fc.oneof(fc.constant('[4 0 R 6 0 R]'), value),
    box: fc.oneof(fc.constantFrom('[0 0 595 842]', '[0 0 0 0]', '[0 0 1e9 1e9]', '[9 9 1 1]'), value),
    contents: fc.tuple(content, content),
    more: fc.array(
      fc.tuple(fc.constantFrom('Rotate', 'Annots', 'Resources', 'UserUnit', 'CropBox', 'Parent', 'Contents'), value),
      { maxLength: 3 },
    ),
    catalog: fc.array(
      fc.tuple(fc.constantFrom('Outlines', 'Names', 'AcroForm', 'OCProperties', 'StructTreeRoot', 'Dests'), value),
      { maxLength: 2 },
    ),
    others: fc.array(
      fc.oneof(
        value,
        content.map((text) =>
          stream(text, '/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /I1 8 0 R >> >>'),
        ),
      ),
      { minLength: 1, maxLength: 5 },
    ),
    filter: fc.constantFrom(
      '',
      '/Filter /FlateDecode',
      '/Filter [/ASCIIHexDecode /LZWDecode]',
      '/Filter /JBIG2Decode',
      '/Filter /DCTDecode',
      '/Filter [/RunLengthDecode /RunLengthDecode /RunLengthDecode]',
    ),
  })
  .map(({ count, kids, box, contents, more, catalog, others, filter }) => {
    const written = (pairs: readonly (readonly [string, string])[]) =>
      pairs.map(([name, what]) => `/${name} ${what}`).join(' ');
    const resources =
      '/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> /XObject << /I1 8 0 R >> >>';
    const page = (at: number) =>
      `<< /Type /Page /Parent 2 0 R /MediaBox ${box} ${resources} /Contents ${at} 0 R ${written(more)} >>`;
    return fileOf(
      new Map([
        [1, `<< /Type /Catalog /Pages 2 0 R ${written(catalog)} >>`],
        [2, `<< /Type /Pages /Count ${count} /Kids ${kids} >>`],
        [3, '<< /Title (x) >>'],
        [4, page(5)],
        [5, stream(contents[0], filter)],
        [6, page(7)],
        [7, stream(contents[1])],
        ...others.map((other, at): [number, string] => [8 + at, other]),
      ]),
    );
  });

const anyName = fc.oneof(
  fc.constantFrom(
    'a',
    '../../etc/passwd',
    '/x',
    'C:\\x',
    'a/../b',
    '',
    '.',
    'word/document.xml',
    '[Content_Types].xml',
    'mimetype',
    'META-INF/container.xml',
    'x'.repeat(3_000),
    '名\0字',
    'a\\b',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const anyBody: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  bytes(200),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom<string | Uint8Array>(
    'application/epub+zip',
    '<container/>',
    '<Types/>',
    Buffer.alloc(3_000_000),
    zip([{ name: 'inner', text: 'x' }]),
  ),
);

/** Archives with odd names, with the same name twice, with bombs, archives and locked files in them. */
export const archives: Made = fc
  .array(fc.record({ name: anyName, text: anyBody, isEncrypted: fc.boolean() }), { maxLength: 8 })
  .map((files) => {
    const known = files.some(({ name }) => name === 'mimetype')
      ? files
      : [contentTypes('wordprocessingml.document'), ...files];
    return zip(known);
  });

const TAGS =
  'w:p w:r w:t w:tbl w:tr w:tc w:pPr w:numPr w:ilvl w:drawing w:hyperlink w:footnoteReference w:sdt w:ins w:del m:oMath a:p a:r a:t p:sp p:txBody p:pic p:graphicFrame a:tbl a:tr a:tc row c v is t mergeCell f'.split(
    ' ',
  );
const attribute = fc.tuple(
  fc.constantFrom('w:val', 'r:id', 'r', 's', 't', 'ref', 'gridSpan', 'rowSpan', 'w:id', 'spans', 'id', 'r:embed'),
  fc.oneof(
    fc.constantFrom(
      '',
      '0',
      '-1',
      '99999999999',
      'A1',
      'XFD1048576',
      'A1:ZZZ99999999',
      'rId1',
      'shared',
      'inlineStr',
      's',
      'b',
      'd',
      'e',
    ),
    fc.string({ maxLength: 6 }),
  ),
);
const escaped = (text: string) => text.replaceAll(/[<&"]/g, '');
const { node } = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }).map(escaped),
      fc.constantFrom(
        '&amp;',
        '&x;',
        '&#0;',
        '&#xD800;',
        '&#x110000;',
        '1e999',
        '45000.5',
        '<br>',
        '</w:p>',
        '<![CDATA[',
      ),
    ),
    fc
      .record({
        tag: fc.constantFrom(...TAGS),
        attributes: fc.array(attribute, { maxLength: 3 }),
        inner: fc.array(tie('node'), { maxLength: 5 }),
      })
      .map(
        ({ tag, attributes, inner }) =>
          `<${tag}${attributes.map(([name, text]) => ` ${name}="${escaped(text)}"`).join('')}>${inner.join('')}</${tag}>`,
      ),
  ),
}));
const deep = fc
  .tuple(fc.constantFrom(...TAGS), fc.integer({ min: 1, max: 600 }))
  .map(([tag, times]) => `<${tag}>`.repeat(times));
const nodes = fc.oneof(
  { weight: 8, arbitrary: fc.array(node, { maxLength: 10 }).map((all) => all.join('')) },
  { weight: 1, arbitrary: deep },
);

/** Office files that are whole, around markup that no program would write. */
export const offices: Made = fc
  .tuple(fc.constantFrom('docx', 'pptx', 'xlsx'), nodes, nodes)
  .map(([kind, first, second]) => {
    if (kind === 'docx')
      return word(first, {
        styles: `<w:styles>${second}</w:styles>`,
        numbering: `<w:numbering>${second}</w:numbering>`,
      });
    if (kind === 'pptx') return slides([first, second]);
    return workbook(`<sheetData>${first}</sheetData>`, {
      styles: `<styleSheet>${second}</styleSheet>`,
      strings: `<sst>${second}</sst>`,
    });
  });

const HTML =
  'html head body title div p span b i a ul ol li table tr td th thead pre code blockquote h1 h6 img br script style svg math template select option details ruby rt iframe plaintext'.split(
    ' ',
  );
const htmlPiece = fc.oneof(
  fc.constantFrom(...HTML).map((tag) => `<${tag}>`),
  fc.constantFrom(...HTML).map((tag) => `</${tag}>`),
  fc
    .tuple(
      fc.constantFrom(...HTML),
      fc.constantFrom(
        'colspan="99999999"',
        'rowspan=0',
        'href="javascript:x"',
        'src="file:///etc/passwd"',
        'start="-9e9"',
        'hidden',
        'style="display:none"',
        'charset=utf-7',
      ),
    )
    .map(([tag, text]) => `<${tag} ${text}>`),
  fc.string({ unit: 'grapheme', maxLength: 10 }),
  fc.constantFrom('&', '&#x0;', '<!--', '-->', '<![CDATA[', '<?', '<', '>', '"', "'"),
);

/** Pages of any tags in any order, and such as nest deeper than anybody writes. */
export const htmls: Made = fc
  .tuple(fc.array(htmlPiece, { maxLength: 80 }), fc.constantFrom(1, 1, 1, 1, 5, 400, 20_000), fc.constantFrom(...HTML))
  .map(([pieces, times, tag]) =>
    Buffer.from(`<!doctype html><html><body>${`<${tag}>`.repeat(times)}${pieces.join('')}`),
  );

const mark = fc.oneof(
  fc.constantFrom(
    '#',
    '##',
    '> ',
    '- ',
    '1. ',
    '```',
    '~~~',
    '|',
    '|---|',
    '    ',
    '\t',
    '\n',
    '\n\n',
    '[',
    ']',
    '(',
    ')',
    '*',
    '_',
    '`',
    '![',
    '<',
    '&',
    '\\',
    '---',
    '===',
    '[^1]',
    ',',
    '"',
    ';',
    '\r',
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc
    .tuple(fc.constantFrom('>', '- ', '[', '*', '`', '(', '|', ',', '"', '<a '), fc.integer({ min: 1, max: 5_000 }))
    .map(([one, times]) => one.repeat(times)),
);

/** Text with the signs of Markdown and CSV in any order, some of them thousands of times. */
export const marked: Made = fc.array(mark, { minLength: 1, maxLength: 80 }).map((all) => Buffer.from(all.join('')));

/** Unicode has 17 planes; the first two and a half hold every script in use. */
const block = fc.integer({ min: 0, max: 0x2ff }).map((number) => number * 256);
const inBlocks = fc
  .array(fc.tuple(block, fc.array(fc.nat(255), { minLength: 1, maxLength: 40 })), { minLength: 1, maxLength: 40 })
  .map((all) =>
    all
      .map(([from, offsets]) =>
        String.fromCodePoint(
          ...offsets.map((offset) => from + offset).filter((code) => code > 31 && (code < 0xd800 || code > 0xdfff)),
        ),
      )
      .join(' '),
  );

/** Text in every block of Unicode, in several encodings, whole and broken. */
export const texts: Made = fc
  .tuple(inBlocks, fc.constantFrom('utf8', 'utf16le', 'bom', 'utf16be'), fc.option(fc.tuple(fc.nat(500), bytes(4))))
  .map(([text, how, breakage]) => {
    const wide = Buffer.from(`\ufeff${text}`, 'utf16le');
    const file =
      how === 'utf8'
        ? Buffer.from(text)
        : how === 'bom'
          ? Buffer.from(`\ufeff${text}`)
          : how === 'utf16be'
            ? wide.swap16()
            : wide;
    if (breakage)
      file.set(breakage[1].subarray(0, Math.max(0, file.length - breakage[0])), Math.min(breakage[0], file.length));
    return file;
  });

const sized = (name: string, body: Uint8Array, size: number) => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(size >>> 0);
  head.write(name, 4, 'latin1');
  return Buffer.concat([head, body]);
};
const { box } = fc.letrec<{ box: Uint8Array }>((tie) => ({
  box: fc
    .record({
      name: fc.constantFrom(
        'moov',
        'trak',
        'mdia',
        'minf',
        'stbl',
        'stsd',
        'stts',
        'stsz',
        'stco',
        'mvhd',
        'tkhd',
        'mdhd',
        'hdlr',
        'mp4a',
        'avc1',
        'esds',
        'mdat',
        'udta',
        'meta',
        'moof',
        'free',
        'uuid',
      ),
      inner: fc.oneof(
        { depthSize: 'small' },
        bytes(80),
        fc.array(tie('box'), { maxLength: 5 }).map((all) => Buffer.concat(all)),
      ),
      lie: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: odd32 }),
    })
    .map(({ name, inner, lie }) => sized(name, inner, lie ?? inner.length + 8)),
}));

/** Films of any boxes, nested in any order, with sizes that lie. */
export const films: Made = fc
  .tuple(fc.constantFrom('isom', 'M4A ', 'qt  ', 'heic', 'avif'), fc.array(box, { maxLength: 8 }))
  .map(([brand, boxes]) => Buffer.concat([sized('ftyp', Buffer.from(`${brand}\0\0\0\0`, 'latin1'), 16), ...boxes]));

const MAGIC = [
  '%PDF-1.7\n',
  'PK\x03\x04',
  '\x89PNG\r\n\x1a\n',
  'GIF89a',
  '\xff\xd8\xff\xe0',
  'RIFF\xff\xff\xff\x7fWAVE',
  'RIFF\x10\0\0\0AVI ',
  'RIFF\x10\0\0\0WEBP',
  'OggS\0\x02',
  'fLaC',
  'ID3\x04\0\0\0\0\0\x7f',
  '\xff\xfb\x90\0',
  '\x1aE\xdf\xa3',
  'FLV\x01\x05',
  '\0\0\x01\xba',
  'G',
  'II*\0\x08\0\0\0',
  'MM\0+\0\x08\0\0',
  'BM',
  '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
  'FORM\0\0\0\x10AIFF',
  'caff\0\x01\0\0',
  '.snd',
  '#!AMR\n',
  '\x0bw',
  'MZ',
  '\x7fELF',
  '{\\rtf1',
  '<?xml',
  '\0\0\0\x0cjP  \r\n\x87\n',
  '8BPS',
  '7z\xbc\xaf\x27\x1c',
  '\xff\xfe',
  '\xef\xbb\xbf',
];

/** Nothing but how a file of some kind begins, and noise. */
export const noise: Made = fc
  .tuple(fc.constantFrom('', ...MAGIC), bytes(4_000))
  .map(([magic, rest]) => Buffer.concat([Buffer.from(magic, 'latin1'), rest]));
