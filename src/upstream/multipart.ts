import { randomUUID } from 'node:crypto';

/** A file in a form. `filename` tells many servers what is in it. */
export interface FormFile {
  readonly field: string;
  readonly filename: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** A form with fields and a file, as RFC 7578 has it. A field may come more than once. */
export function multipart(
  fields: readonly (readonly [name: string, value: string])[],
  file?: FormFile,
): { readonly contentType: string; readonly body: Buffer } {
  // Nobody can have written it into a field.
  const boundary = `sensorium-${randomUUID()}`;
  const pieces = fields.map(([name, value]) =>
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`),
  );
  if (file) {
    const { field, filename, mimeType, bytes } = file;
    const head = `content-disposition: form-data; name="${quoted(field)}"; filename="${quoted(filename)}"\r\ncontent-type: ${mimeType}`;
    pieces.push(Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), Buffer.from(bytes), Buffer.from('\r\n'));
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(pieces) };
}

function quoted(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
