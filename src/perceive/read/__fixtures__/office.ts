import { readFileSync } from 'node:fs';
import { zip } from './zip.ts';

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A file of this folder. */
export function fixture(name: string): Buffer {
  return readFileSync(new URL(name, import.meta.url));
}

/** Relations as an Office file keeps them: `rId1`, … in order; an address outside the file has a colon. */
function relations(pairs: readonly (readonly [type: string, target: string])[]): string {
  const each = pairs.map(
    ([type, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${OFFICE}/${type}" Target="${target}"${target.includes(':') ? ' TargetMode="External"' : ''}/>`,
  );
  return `<Relationships>${each.join('')}</Relationships>`;
}

/** The part that tells an Office file from other archives. */
export function contentTypes(kind: string) {
  const type = `application/vnd.openxmlformats-officedocument.${kind}.main+xml`;
  return { name: '[Content_Types].xml', text: `<Types><Override PartName="/main.xml" ContentType="${type}"/></Types>` };
}

/** A Word file with this body; `parts` are more of its parts, by the type of their relation. */
export function word(body: string, parts: Readonly<Record<string, string>> = {}): Buffer {
  const others = Object.entries(parts);
  return zip([
    contentTypes('wordprocessingml.document'),
    { name: '_rels/.rels', text: relations([['officeDocument', 'word/document.xml']]) },
    { name: 'word/document.xml', text: `<w:document><w:body>${body}</w:body></w:document>` },
    {
      name: 'word/_rels/document.xml.rels',
      text: relations(others.map(([type, text]) => [type, text.includes('<') ? `${type}.xml` : text])),
    },
    ...others.filter(([, text]) => text.includes('<')).map(([type, text]) => ({ name: `word/${type}.xml`, text })),
  ]);
}

/** A paragraph of Word with one run. */
export function paragraph(text: string, properties = '', look = ''): string {
  return `<w:p><w:pPr>${properties}</w:pPr><w:r><w:rPr>${look}</w:rPr><w:t>${text}</w:t></w:r></w:p>`;
}

/** A presentation whose slides have these shapes. */
export function slides(shapes: readonly string[]): Buffer {
  const ids = shapes.map((_, index) => `<p:sldId id="${256 + index}" r:id="rId${index + 1}"/>`);
  return zip([
    contentTypes('presentationml.presentation'),
    { name: '_rels/.rels', text: relations([['officeDocument', 'ppt/presentation.xml']]) },
    { name: 'ppt/presentation.xml', text: `<p:presentation><p:sldIdLst>${ids.join('')}</p:sldIdLst></p:presentation>` },
    {
      name: 'ppt/_rels/presentation.xml.rels',
      text: relations(shapes.map((_, index) => ['slide', `slides/slide${index + 1}.xml`])),
    },
    ...shapes.map((shape, index) => ({
      name: `ppt/slides/slide${index + 1}.xml`,
      text: shape === '' ? '' : `<p:sld><p:cSld><p:spTree>${shape}</p:spTree></p:cSld></p:sld>`,
    })).filter(({ text }) => text !== ''),
  ]);
}

/** A workbook of one sheet with this inside; `styles` and `strings` are whole parts. */
export function workbook(sheet: string, { styles = '<styleSheet/>', strings = '<sst/>', properties = '' } = {}): Buffer {
  return zip([
    contentTypes('spreadsheetml.sheet'),
    { name: '_rels/.rels', text: relations([['officeDocument', 'xl/workbook.xml']]) },
    {
      name: 'xl/workbook.xml',
      text: `<workbook>${properties}<sheets><sheet name="表一" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      text: relations([
        ['worksheet', 'worksheets/sheet1.xml'],
        ['styles', 'styles.xml'],
        ['sharedStrings', 'sharedStrings.xml'],
      ]),
    },
    { name: 'xl/worksheets/sheet1.xml', text: `<worksheet>${sheet}</worksheet>` },
    { name: 'xl/styles.xml', text: styles },
    { name: 'xl/sharedStrings.xml', text: strings },
  ]);
}
