import { check } from './server.ts';

/** A form as it arrived. */
export interface Form {
  /** Every field in its order; one may come more than once. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly files: Readonly<Record<string, FormFile>>;
  /** All values of a field, by its name with or without `[]`. */
  all(name: string): string[];
  one(name: string): string | undefined;
}

export interface FormFile {
  readonly filename: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

const CRLF = Buffer.from('\r\n');

/** Takes a form apart by RFC 7578. Whatever does not keep to it is a fault. */
export function readForm(contentType: string | undefined, body: Buffer): Form {
  const boundary = /^multipart\/form-data;\s*boundary="?([\w'()+,./:=? -]{1,70}?)"?$/.exec(contentType ?? '')?.[1];
  check(boundary, 'content-type is not multipart/form-data with a boundary');
  const mark = Buffer.from(`--${boundary}`);
  check(body.subarray(0, mark.length).equals(mark), 'the form does not begin with its boundary');
  const fields: [string, string][] = [];
  const files: Record<string, FormFile> = {};
  let at = mark.length;
  while (!body.subarray(at, at + 2).equals(Buffer.from('--'))) {
    check(body.subarray(at, at + 2).equals(CRLF), 'no line break after a boundary');
    const headEnd = body.indexOf('\r\n\r\n', at + 2);
    const end = body.indexOf(Buffer.concat([CRLF, mark]), headEnd);
    check(headEnd > 0 && end >= headEnd + 4, 'a part of the form has no end');
    const head = body.toString('utf8', at + 2, headEnd);
    const name = /^content-disposition: form-data; name="([^"]*)"/im.exec(head)?.[1];
    check(name !== undefined, 'a part of the form has no name');
    const bytes = body.subarray(headEnd + 4, end);
    const filename = /; filename="([^"]*)"/i.exec(head)?.[1];
    if (filename === undefined) fields.push([name, bytes.toString('utf8')]);
    else files[name] = { filename, mimeType: /^content-type: (.+)$/im.exec(head)?.[1]?.trim() ?? '', bytes };
    at = end + CRLF.length + mark.length;
  }
  const all = (wanted: string) =>
    fields.flatMap(([name, value]) => (name === wanted || name === `${wanted}[]` ? [value] : []));
  return { fields, files, all, one: (name) => all(name)[0] };
}
