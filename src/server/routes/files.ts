import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { readUpload } from '../intake/upload.ts';
import { FileListQuery, FileRequest } from '../schemas/vector-stores.ts';
import type { Service } from '../service.ts';
import { pageOf } from '../shelf/paging.ts';
import { fileObject } from '../shelf/shapes.ts';
import { tenantOf } from '../shelf/tenant.ts';
import { badField, parsed } from '../wire/bad-request.ts';
import { signalOf } from '../wire/signal.ts';

/** `/v1/files`: media of one key, to be put into vector stores. */
export function addFiles(app: FastifyInstance, service: Service): void {
  const { shelf } = service.sensorium;
  type One = { Params: { file: string } };

  app.post('/v1/files', async (request, reply) => {
    const form = await readUpload(request, reply, service);
    try {
      const fields = Object.fromEntries([...form.fields].map(([name, values]) => [name, values.at(-1)]));
      const wanted = parsed(FileRequest, fields);
      if (!form.file) throw badField('file', 'is missing');
      const about = { purpose: wanted.purpose, expiresAfterSeconds: wanted['expires_after[seconds]'] };
      return reply.send(fileObject(await shelf.upload(tenantOf(request), form.file, about, signalOf(request))));
    } finally {
      await form.close();
    }
  });

  app.get('/v1/files', async (request) => {
    const { purpose, ...wish } = parsed(FileListQuery, request.query);
    const files = await shelf.files(tenantOf(request));
    return pageOf(
      files.filter((file) => purpose === undefined || file.purpose === purpose),
      wish,
      fileObject,
    );
  });

  app.get<One>('/v1/files/:file', async (request) =>
    fileObject(await shelf.file(tenantOf(request), request.params.file)),
  );

  app.get<One>('/v1/files/:file/content', async (request, reply) => {
    const { file, bytes } = await shelf.content(tenantOf(request), request.params.file);
    // What a stranger sent is never shown by a browser as if it were this server's own.
    reply.header('content-type', 'application/octet-stream').header('content-disposition', 'attachment');
    reply.header('content-length', file.sizeBytes).header('x-content-type-options', 'nosniff');
    return reply.send(Readable.from(bytes));
  });

  app.delete<One>('/v1/files/:file', async (request) => {
    await shelf.removeFile(tenantOf(request), request.params.file, signalOf(request));
    return { id: request.params.file, object: 'file', deleted: true };
  });
}
