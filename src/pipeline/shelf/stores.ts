import { SensoriumError } from '#contract/error.ts';
import { nearestName } from '#kit/nearest-name.ts';
import type { Ground } from './ground.ts';
import { newId, type ShelfStore, type ShelvedFile, type ShelvedStatus } from './records.ts';

export interface StoreWish {
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
  readonly expiresAfterDays?: number | null | undefined;
}

/** A vector store with what is in it. */
export interface StoreView extends ShelfStore {
  readonly status: 'expired' | 'in_progress' | 'completed';
  readonly expiresMs: number | null;
  readonly counts: Readonly<Record<ShelvedStatus, number>>;
  readonly usageBytes: number;
}

const DAY_MS = 86_400_000;
/** That somebody used a store is written down so often at most: once for every search would cost more than the search. */
const ACTIVE_EVERY_MS = 60_000;

export async function createStore(tenant: string, wish: StoreWish, { records, now }: Ground): Promise<ShelfStore> {
  const store: ShelfStore = {
    ...{ id: newId('vs_'), name: wish.name ?? '', description: wish.description ?? null },
    ...{ metadata: { ...wish.metadata }, createdMs: now(), lastActiveMs: now() },
    expiresAfterDays: wish.expiresAfterDays ?? null,
  };
  await records(tenant).stores.write(store.id, store);
  return store;
}

/** A store by its id. Throws `store.unknown`. */
export async function storeOf(tenant: string, id: string, { records }: Ground): Promise<ShelfStore> {
  const store = await records(tenant).stores.read(id);
  if (store) return store;
  throw new SensoriumError('store.unknown', 'There is no such vector store.', {
    hint: 'GET /v1/vector_stores, or `sensorium store list`, lists what there is.',
    details: { param: 'vector_store_id' },
  });
}

/** A store by its id or its name, as people say it; of several with one name the latest. Throws `store.unknown`. */
export async function storeCalled(tenant: string, name: string, ground: Ground): Promise<ShelfStore> {
  const all = [...(await ground.records(tenant).stores.all())].sort((a, b) => b.createdMs - a.createdMs);
  const store = all.find(({ id }) => id === name) ?? all.find((one) => one.name === name);
  if (store) return store;
  const nearest = nearestName(name.slice(0, 100), all.map((one) => one.name).filter(Boolean));
  throw new SensoriumError('store.unknown', `There is no vector store called ${name.slice(0, 100)}.`, {
    hint: nearest ? `Did you mean ${nearest}?` : 'Make one: sensorium store add FILES… --store NAME.',
  });
}

export async function changeStore(tenant: string, id: string, wish: StoreWish, ground: Ground): Promise<ShelfStore> {
  const store = await storeOf(tenant, id, ground);
  const changed: ShelfStore = {
    ...store,
    ...(wish.name === undefined ? {} : { name: wish.name ?? '' }),
    ...(wish.metadata === undefined ? {} : { metadata: { ...wish.metadata } }),
    ...(wish.expiresAfterDays === undefined ? {} : { expiresAfterDays: wish.expiresAfterDays }),
    lastActiveMs: ground.now(),
  };
  await ground.records(tenant).stores.write(id, changed);
  return changed;
}

/** A store that may be searched and added to. Throws `store.unknown`, also where its time is over. */
export async function activeStore(tenant: string, id: string, ground: Ground): Promise<ShelfStore> {
  const store = await storeOf(tenant, id, ground);
  if (expiresMs(store) <= ground.now()) {
    throw new SensoriumError('store.unknown', 'This vector store has expired.', {
      hint: 'Make a new one, or make it without expires_after.',
      details: { param: 'vector_store_id' },
    });
  }
  if (ground.now() - store.lastActiveMs < ACTIVE_EVERY_MS) return store;
  const active = { ...store, lastActiveMs: ground.now() };
  await ground.records(tenant).stores.write(id, active);
  return active;
}

/** What a store looks like from outside. */
export async function viewOf(tenant: string, store: ShelfStore, { records, now }: Ground): Promise<StoreView> {
  const shelved = await records(tenant).shelved(store.id).all();
  const counts = countsOf(shelved);
  const end = expiresMs(store);
  const status = end <= now() ? 'expired' : counts.in_progress > 0 ? 'in_progress' : 'completed';
  const usageBytes = shelved.reduce((sum, one) => sum + one.usageBytes, 0);
  return { ...store, status, expiresMs: Number.isFinite(end) ? end : null, counts, usageBytes };
}

/** How many files are in which state. */
export function countsOf(shelved: readonly Pick<ShelvedFile, 'status'>[]): Record<ShelvedStatus, number> {
  const counts = { in_progress: 0, completed: 0, failed: 0, cancelled: 0 };
  for (const { status } of shelved) counts[status]++;
  return counts;
}

function expiresMs({ expiresAfterDays, lastActiveMs }: ShelfStore): number {
  return expiresAfterDays === null ? Number.POSITIVE_INFINITY : lastActiveMs + expiresAfterDays * DAY_MS;
}

/** Forgets a store and takes everything of it out of the engine. */
export async function removeStore(tenant: string, id: string, ground: Ground, signal: AbortSignal): Promise<void> {
  const engine = await ground.engine(signal);
  for (const space of await engine.spaces(signal)) await engine.remove(space.id, { tenant, store: id }, signal);
  const { stores, forget } = ground.records(tenant);
  await stores.remove(id);
  await forget(id);
}
