/** Writes PDF files by hand, for tests: what a library for making them would not let one do. */
export interface PagePlan {
  /** Content stream operators (ISO 32000-1, annex A). Fonts: F1 Helvetica, F2 Helvetica-Bold, F3 Times-Roman, F4 Chinese without shapes, F5 without meaning, F6 Chinese written downwards. */
  readonly content: string;
  readonly sizePt?: readonly [number, number];
  readonly rotate?: number;
  /** Entries of the page's dictionary: `/Annots [...]`. */
  readonly more?: string;
}

const FONTS = [
  '/F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  '/F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>',
  '/F3 << /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>',
  chinese('/F4', 'UniGB-UCS2-H'),
  `/F5 << /Type /Font /Subtype /Type0 /BaseFont /Nothing /Encoding /Identity-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2
    /BaseFont /Nothing /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 >>] >>`,
  chinese('/F6', 'UniGB-UCS2-V'),
];

function chinese(name: string, encoding: string): string {
  return `${name} << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /${encoding} /DescendantFonts [<< /Type /Font
    /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000
    /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0
    /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>] >>`;
}

/** A whole file: catalog, pages, one picture `I1` (a black square on white, 40 × 40) that pages may paint. */
export function pdfOf(pages: readonly PagePlan[], { info = '', catalog = '' }: { info?: string; catalog?: string } = {}): Uint8Array {
  const first = 10;
  const objects = new Map<number, string>();
  const numberOf = (index: number) => first + index * 2;
  objects.set(1, `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`);
  objects.set(2, `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, index) => `${numberOf(index)} 0 R`).join(' ')}] >>`);
  objects.set(3, `<< ${info} >>`);
  objects.set(4, `<< /Font << ${FONTS.join('\n')} >> /XObject << /I1 5 0 R >> >>`);
  const picture = Array.from({ length: 40 * 40 }, (_, at) => {
    const [x, y] = [at % 40, Math.floor(at / 40)];
    return x > 10 && x < 30 && y > 10 && y < 30 ? '00' : 'ff';
  }).join('');
  objects.set(5, stream(`${picture}>`, '/Type /XObject /Subtype /Image /Width 40 /Height 40 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /ASCIIHexDecode'));
  for (const [index, { content, sizePt = [595, 842], rotate = 0, more = '' }] of pages.entries()) {
    const number = numberOf(index);
    objects.set(
      number,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${sizePt.join(' ')}] /Rotate ${rotate} /Resources 4 0 R /Contents ${number + 1} 0 R ${more} >>`,
    );
    objects.set(number + 1, stream(content));
  }
  return fileOf(objects);
}

/** A file of numbered objects; 1 is the catalog, 3 the information about it. */
export function fileOf(objects: ReadonlyMap<number, string>): Uint8Array {
  let file = '%PDF-1.7\n';
  const offsets = new Map<number, number>();
  for (const [number, text] of objects) {
    offsets.set(number, file.length);
    file += `${number} 0 obj\n${text}\nendobj\n`;
  }
  const count = Math.max(...objects.keys()) + 1;
  const xref = Array.from({ length: count }, (_, number) => {
    const at = offsets.get(number);
    return at === undefined ? '0000000000 65535 f \n' : `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const start = file.length;
  file += `xref\n0 ${count}\n${xref.join('')}trailer\n<< /Size ${count} /Root 1 0 R /Info 3 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

/** A stream object. */
export function stream(content: string, more = ''): string {
  return `<< /Length ${content.length} ${more} >>\nstream\n${content}\nendstream`;
}

/** Shows Latin text at a place (y up, from the bottom), in a font and a size. */
export function say(text: string, x: number, y: number, { font = 'F1', sizePt = 11, mode = 0 } = {}): string {
  // WinAnsi has the bullet among its control characters.
  const written = text.replaceAll('•', '\x95').replaceAll(/[\\()]/g, (sign) => `\\${sign}`);
  return `BT /${font} ${sizePt} Tf ${mode} Tr ${x} ${y} Td (${written}) Tj ET\n`;
}

/** Shows Chinese text. `F6` writes downwards. */
export function sayWide(text: string, x: number, y: number, { font = 'F4', sizePt = 12 } = {}): string {
  const codes = [...text].map((letter) => letter.charCodeAt(0).toString(16).padStart(4, '0')).join('');
  return `BT /${font} ${sizePt} Tf 0 Tr ${x} ${y} Td <${codes}> Tj ET\n`;
}

/** Paints the picture over a box. */
export function paint(x: number, y: number, width: number, height: number): string {
  return `q ${width} 0 0 ${height} ${x} ${y} cm /I1 Do Q\n`;
}
