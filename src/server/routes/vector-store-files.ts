import type { FastifyInstance } from 'fastify';
import type { ShelvedFile } from '#pipeline/index.ts';
import {
  FileBatchRequest,
  ListQuery,
  VectorStoreFileRequest,
  VectorStoreFileUpdateRequest,
} from '../schemas/vector-stores.ts';
import type { Service } from '../service.ts';
import { pageOf } from '../shelf/paging.ts';
import { batchObject, shelvedObject } from '../shelf/shapes.ts';
import { tenantOf } from '../shelf/tenant.ts';
import { shelveWishOf } from '../shelf/wishes.ts';
import { badField, parsed } from '../wire/bad-request.ts';
import { bodyOf } from '../wire/body.ts';
import { signalOf } from '../wire/signal.ts';

type InStore = { Params: { store: string } };
type OneFile = { Params: { store: string; file: string } };
type OneBatch = { Params: { store: string; batch: string } };

const FILES = '/v1/vector_stores/:store/files';
const BATCHES = '/v1/vector_stores/:store/file_batches';

/** The official clients ask again after five seconds where nothing is said; most files are done sooner. */
const ASK_AGAIN = { 'openai-poll-after-ms': '500' };

/** `/v1/vector_stores/{id}/files` and `/file_batches`: putting files into a store and taking them out. */
export function addVectorStoreFiles(app: FastifyInstance, { sensorium, config }: Service): void {
  const { shelf } = sensorium;
  const shape = (file: ShelvedFile) =>
    shelvedObject(file, file.chunking ?? { maxTokens: config.store.chunkTokens, overlap: config.store.chunkOverlap });

  app.post<InStore>(FILES, async (request) => {
    const body = bodyOf(request);
    try {
      const wanted = parsed(VectorStoreFileRequest, body.json);
      const { store } = request.params;
      const wish = shelveWishOf(wanted);
      return shape(await shelf.shelve(tenantOf(request), store, wanted.file_id, wish, signalOf(request)));
    } finally {
      await body.close();
    }
  });

  app.get<InStore>(FILES, async (request) => {
    const { filter, ...wish } = parsed(ListQuery, request.query);
    const files = await shelf.shelvedFiles(tenantOf(request), request.params.store);
    return pageOf(withStatus(files, filter), wish, shape);
  });

  app.get<OneFile>(`${FILES}/:file`, async (request, reply) => {
    reply.headers(ASK_AGAIN);
    return shape(await shelf.shelved(tenantOf(request), request.params.store, request.params.file));
  });

  app.post<OneFile>(`${FILES}/:file`, async (request) => {
    const body = bodyOf(request);
    try {
      const { attributes } = parsed(VectorStoreFileUpdateRequest, body.json);
      const { store, file } = request.params;
      return shape(await shelf.setAttributes(tenantOf(request), store, file, attributes ?? {}, signalOf(request)));
    } finally {
      await body.close();
    }
  });

  app.get<OneFile>(`${FILES}/:file/content`, async (request) => {
    const pieces = await shelf.pieces(tenantOf(request), request.params.store, request.params.file);
    // A medium's own place repeats words that have theirs.
    const texts = pieces.filter(({ item }) => !/:m\d+$/.test(item.id));
    const data = texts.map(({ item, page }) => ({
      ...{ type: 'text', text: item.surrogate },
      sensorium: { from_ms: item.fromMs, to_ms: item.toMs, page },
    }));
    return { object: 'vector_store.file_content.page', data, has_more: false, next_page: null };
  });

  app.delete<OneFile>(`${FILES}/:file`, async (request) => {
    const { store, file } = request.params;
    await shelf.unshelve(tenantOf(request), store, file, signalOf(request));
    return { id: file, object: 'vector_store.file.deleted', deleted: true };
  });

  app.post<InStore>(BATCHES, async (request) => {
    const body = bodyOf(request);
    try {
      const wanted = parsed(FileBatchRequest, body.json);
      if ((wanted.file_ids === undefined) === (wanted.files === undefined)) {
        throw badField('file_ids', 'or files is needed, and not both');
      }
      const common = shelveWishOf(wanted);
      const files = wanted.files
        ? wanted.files.map((one) => ({ file: one.file_id, wish: shelveWishOf(one) }))
        : (wanted.file_ids ?? []).map((file) => ({ file, wish: common }));
      const tenant = tenantOf(request);
      const batch = await shelf.shelveBatch(tenant, request.params.store, files, signalOf(request));
      const { files: begun } = await shelf.batch(tenant, batch.store, batch.id);
      return batchObject(batch, begun);
    } finally {
      await body.close();
    }
  });

  app.get<OneBatch>(`${BATCHES}/:batch`, async (request, reply) => {
    reply.headers(ASK_AGAIN);
    const { batch, files } = await shelf.batch(tenantOf(request), request.params.store, request.params.batch);
    return batchObject(batch, files);
  });

  app.get<OneBatch>(`${BATCHES}/:batch/files`, async (request) => {
    const { filter, ...wish } = parsed(ListQuery, request.query);
    const { files } = await shelf.batch(tenantOf(request), request.params.store, request.params.batch);
    return pageOf(withStatus(files, filter), wish, shape);
  });

  app.post<OneBatch>(`${BATCHES}/:batch/cancel`, async (request) => {
    const { store, batch: id } = request.params;
    await shelf.cancelBatch(tenantOf(request), store, id, signalOf(request));
    const { batch, files } = await shelf.batch(tenantOf(request), store, id);
    return batchObject(batch, files);
  });
}

function withStatus(files: readonly ShelvedFile[], status: ShelvedFile['status'] | undefined): readonly ShelvedFile[] {
  return status === undefined ? files : files.filter((file) => file.status === status);
}
