import type { FastifyInstance } from 'fastify';
import {
  ListQuery,
  VectorStoreCreateRequest,
  VectorStoreSearchRequest,
  VectorStoreUpdateRequest,
} from '../schemas/vector-stores.ts';
import type { Service } from '../service.ts';
import { pageOf } from '../shelf/paging.ts';
import { resultObject, storeObject } from '../shelf/shapes.ts';
import { tenantOf } from '../shelf/tenant.ts';
import { lossesOf, searchWishOf, shelveWishOf } from '../shelf/wishes.ts';
import { badField, parsed } from '../wire/bad-request.ts';
import { bodyOf } from '../wire/body.ts';
import { sendOnce } from '../wire/replay.ts';
import { signalOf } from '../wire/signal.ts';

/** `/v1/vector_stores`: stores of one key, and what is found in them. */
export function addVectorStores(app: FastifyInstance, { sensorium, replays }: Service): void {
  const { shelf } = sensorium;
  type One = { Params: { store: string } };

  app.post('/v1/vector_stores', async (request, reply) => {
    const body = bodyOf(request);
    try {
      const wanted = parsed(VectorStoreCreateRequest, body.json);
      const tenant = tenantOf(request);
      const signal = signalOf(request);
      return await sendOnce(request, reply, replays, body, async () => {
        const wish = shelveWishOf({
          attributes: null,
          chunking_strategy: wanted.chunking_strategy,
          sensorium: undefined,
        });
        for (const file of wanted.file_ids ?? []) await shelf.file(tenant, file);
        const { name, description, metadata, expires_after: expires } = wanted;
        const store = await shelf.create(tenant, { name, description, metadata, expiresAfterDays: expires?.days });
        for (const file of wanted.file_ids ?? []) await shelf.shelve(tenant, store.id, file, wish, signal);
        return JSON.stringify(storeObject(await shelf.store(tenant, store.id)));
      });
    } finally {
      await body.close();
    }
  });

  app.get('/v1/vector_stores', async (request) => {
    const wish = parsed(ListQuery, request.query);
    return pageOf(await shelf.stores(tenantOf(request)), wish, storeObject);
  });

  app.get<One>('/v1/vector_stores/:store', async (request) =>
    storeObject(await shelf.store(tenantOf(request), request.params.store)),
  );

  app.post<One>('/v1/vector_stores/:store', async (request) => {
    const body = bodyOf(request);
    try {
      const { name, metadata, expires_after: expires } = parsed(VectorStoreUpdateRequest, body.json);
      const wish = { name, metadata, expiresAfterDays: expires === null ? null : expires?.days };
      return storeObject(await shelf.change(tenantOf(request), request.params.store, wish));
    } finally {
      await body.close();
    }
  });

  app.delete<One>('/v1/vector_stores/:store', async (request) => {
    const { store } = request.params;
    await shelf.removeStore(tenantOf(request), store, signalOf(request));
    return { id: store, object: 'vector_store.deleted', deleted: true };
  });

  app.post<One>('/v1/vector_stores/:store/search', async (request) => {
    const body = bodyOf(request);
    try {
      const wanted = parsed(VectorStoreSearchRequest, body.json);
      const wish = searchWishOf(wanted, body, tenantOf(request), request.params.store);
      if (wish.queries.length === 0 && !wish.medium) throw badField('query', 'is missing');
      const { items, searched, losses } = await shelf.search(wish, signalOf(request));
      return {
        object: 'vector_store.search_results.page',
        search_query: wish.queries,
        data: items.map(resultObject),
        ...{ has_more: false, next_page: null },
        sensorium: { searched, losses: [...lossesOf(wanted), ...losses] },
      };
    } finally {
      await body.close();
    }
  });
}
