import { SensoriumError } from '#contract/error.ts';
import { encrypted } from '../files/failure.ts';

/** What documents that are known and not read should be saved as. */
const INSTEAD: Readonly<Record<string, readonly [what: string, instead: string]>> = {
  'application/msword': ['a Word file of the format before 2007 (.doc)', 'DOCX'],
  'application/vnd.ms-excel': ['an Excel file of the format before 2007 (.xls)', 'XLSX'],
  'application/vnd.ms-powerpoint': ['a PowerPoint file of the format before 2007 (.ppt)', 'PPTX'],
  'application/vnd.ms-excel.sheet.binary.macroenabled.12': ['a binary Excel file (.xlsb)', 'XLSX'],
  'application/rtf': ['a rich text file (.rtf)', 'DOCX'],
  'application/vnd.oasis.opendocument.text': ['an OpenDocument text (.odt)', 'DOCX'],
  'application/vnd.oasis.opendocument.spreadsheet': ['an OpenDocument spreadsheet (.ods)', 'XLSX'],
  'application/vnd.oasis.opendocument.presentation': ['an OpenDocument presentation (.odp)', 'PPTX'],
};

/** Why a document that is known is not read; `null` where nothing is known of its kind. */
export function refusalOf(mimeType: string, name: string): SensoriumError | null {
  if (mimeType === 'application/vnd.ms-office.encrypted') return encrypted(name);
  const known = INSTEAD[mimeType];
  if (!known) return null;
  const [what, instead] = known;
  return new SensoriumError('read.unsupported', `${name} is ${what}, which nothing here reads.`, {
    hint: `Open it in LibreOffice or Office and save it as ${instead} or PDF.`,
    details: { mimeType },
  });
}
