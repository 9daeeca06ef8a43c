import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { isSensoriumError, type SensoriumError } from '#contract/error.ts';
import { type MediaInput, plainName, type Spool, spool } from '#pipeline/index.ts';
import { type BodyLimits, badRequest, bodySource } from './body-source.ts';

export interface FormLimits extends BodyLimits {
  readonly contentType: string | undefined;
  /** Bytes of the file. */
  readonly maxPartBytes: number;
}

/** A form as it was sent. `file` is in a temporary file already; whoever takes it in owns it. */
export interface Form {
  /** Values in the order they came. `name[]` counts as `name`. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly file: (MediaInput & { readonly kind: 'spooled' }) | null;
  /** Frees the file if nobody took it. */
  close(): Promise<void>;
}

const MAX_FIELDS = 64;
const MAX_FIELD_BYTES = 256 * 1024;
const MAX_HEADERS = 16;
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Reads a `multipart/form-data` body with at most one file, in the field `file`, which goes to a temporary file as it
 * arrives. Throws `server.bad-request`, `server.body-too-large`, `media.empty`, `media.too-large` or `kit.cancelled`;
 * nothing is left behind then.
 */
export async function readForm(stream: AsyncIterable<Buffer>, limits: FormLimits): Promise<Form> {
  const source = bodySource(stream, limits);
  const parser = parserOf(limits.contentType);
  const fields = new Map<string, string[]>();
  let arriving: { stream: Readable; name: string; spool: Promise<Spool> } | undefined;
  let stopped = false;
  const trouble = new Promise<never>((_, fail) => {
    parser.on('error', () => fail(malformed()));
    parser.on('filesLimit', () => fail(badRequest('The form has more than one file.', { param: 'file' })));
    parser.on('fieldsLimit', () => fail(badRequest(`The form has more than ${MAX_FIELDS} fields.`)));
    parser.on('field', (given, value, _cutName, cut) => {
      const name = given?.replace(/\[\]$/, '');
      if (!name) return fail(badRequest('The form has a field without a name.'));
      if (cut) return fail(badRequest(`A field is longer than ${MAX_FIELD_BYTES} bytes.`));
      fields.set(name, [...(fields.get(name) ?? []), value]);
    });
    parser.on('file', (field, file, name) => {
      file.on('error', () => {});
      if (field !== 'file') return fail(badRequest('The form has a file in another field than `file`.'));
      const { maxPartBytes: maxBytes, signal } = limits;
      arriving = { stream: file, name, spool: spool(whole(file), { name: 'file', maxBytes, signal }) };
      arriving.spool.catch(fail);
    });
  });

  async function feed(): Promise<void> {
    for (let piece = await source.next(); piece && !stopped; piece = await source.next()) {
      if (!parser.write(piece)) await once(parser, 'drain');
    }
    if (stopped) return;
    parser.end();
    await once(parser, 'finish');
  }

  try {
    await Promise.race([feed(), trouble]);
    const file = arriving && { spool: await arriving.spool, name: plainName(arriving.name, 'file') };
    return {
      fields,
      file: file ? { kind: 'spooled', ...file } : null,
      close: async () => file?.spool.close(),
    };
  } catch (error) {
    stopped = true;
    arriving?.stream.destroy();
    await arriving?.spool.then((made) => made.close()).catch(() => {});
    throw isSensoriumError(error) ? error : malformed();
  }
}

function parserOf(contentType: string | undefined): BusboyInstance {
  if (!contentType || !/^multipart\/form-data\s*(;|$)/i.test(contentType)) {
    throw badRequest('The body is not multipart/form-data.', { status: 415 });
  }
  const limits = {
    files: 1,
    fields: MAX_FIELDS,
    fieldSize: MAX_FIELD_BYTES,
    headerPairs: MAX_HEADERS,
    headerSize: MAX_HEADER_BYTES,
  };
  const isPartAFile = (field?: string, _type?: string, name?: string) => field === 'file' || name !== undefined;
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits, isPartAFile });
  } catch {
    throw badRequest('The body’s Content-Type names no boundary.');
  }
}

// The part breaks off where the body does; that is the sender's mistake.
async function* whole(file: Readable): AsyncGenerator<Buffer> {
  try {
    yield* file as AsyncIterable<Buffer>;
  } catch {
    throw malformed();
  }
}

function malformed(): SensoriumError {
  return badRequest('The form is malformed or breaks off.');
}
