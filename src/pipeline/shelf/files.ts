import { SensoriumError } from '#contract/error.ts';
import type { MediaPart } from '#contract/media.ts';
import { type MediaInput, takeMedia } from '#media/index.ts';
import type { Ground } from './ground.ts';
import { newId, recordsOf, type ShelfFile, tenantsIn } from './records.ts';

export interface UploadAbout {
  readonly purpose: string;
  readonly expiresAfterSeconds?: number | undefined;
  /** What it is called, where its medium has no name of its own. */
  readonly filename?: string | undefined;
}

/** Takes a medium in, keeps its bytes, and writes down that it is there. Throws `media.*`, `store.quota-reached`, `store.disk-full`. */
export async function takeFile(
  tenant: string,
  input: MediaInput,
  about: UploadAbout,
  ground: Ground,
  signal: AbortSignal,
): Promise<ShelfFile> {
  const part = await takeMedia(input, { part: 'part-1', ...ground.parts.taking, signal, note: () => {} });
  try {
    return await keepPart(tenant, part, about, ground, signal);
  } finally {
    await part.close();
  }
}

/** The same for a part that is taken in already. */
export async function keepPart(
  tenant: string,
  part: MediaPart,
  about: UploadAbout,
  ground: Ground,
  signal: AbortSignal,
): Promise<ShelfFile> {
  const { media } = part;
  await refuseTooMuch(tenant, media.sizeBytes, ground);
  await ground.media.keep(part, signal);
  const now = ground.now();
  const { expiresAfterSeconds, filename = media.name, purpose } = about;
  const file: ShelfFile = {
    ...{ id: newId('file-'), filename, purpose, sizeBytes: media.sizeBytes, sha256: media.sha256 },
    ...{ kind: media.kind, mimeType: media.mimeType, createdMs: now, kept: true },
    expiresMs: expiresAfterSeconds === undefined ? null : now + expiresAfterSeconds * 1_000,
  };
  await ground.records(tenant).files.write(file.id, file);
  return file;
}

async function refuseTooMuch(tenant: string, more: number, { records, settings }: Ground): Promise<void> {
  const files = await records(tenant).files.all();
  const used = files.reduce((sum, { sizeBytes, kept }) => sum + (kept ? sizeBytes : 0), 0);
  const most = settings.maxMbPerKey * 2 ** 20;
  if (used + more <= most) return;
  throw new SensoriumError('store.quota-reached', `More than ${settings.maxMbPerKey} MB would be kept for this key.`, {
    hint: 'Delete files that are not needed any more, or raise store.maxMbPerKey.',
    details: { usedBytes: used, maxBytes: most },
  });
}

/** A file by its id. Throws `store.unknown`, also for one whose time is over. */
export async function fileOf(tenant: string, id: string, { records, now }: Ground): Promise<ShelfFile> {
  const file = await records(tenant).files.read(id);
  if (file && (file.expiresMs === null || file.expiresMs > now())) return file;
  throw new SensoriumError('store.unknown', 'There is no such file.', {
    hint: 'GET /v1/files lists the files of this key.',
    details: { param: 'file_id' },
  });
}

/** Forgets that a file is there, and its bytes where nobody else has the same. */
export async function dropFile(tenant: string, file: ShelfFile, ground: Ground): Promise<void> {
  await ground.records(tenant).files.remove(file.id);
  await dropBytes(file.sha256, ground);
}

/** The file stays known, its bytes do not: what is asked for where only text is to be kept. */
export async function keepTextOnly(tenant: string, file: ShelfFile, ground: Ground): Promise<void> {
  await ground.records(tenant).files.write(file.id, { ...file, kept: false });
  await dropBytes(file.sha256, ground);
}

async function dropBytes(sha256: string, { folder, media }: Ground): Promise<void> {
  for (const tenant of await tenantsIn(folder)) {
    const files = await recordsOf(folder, tenant).files.all();
    if (files.some((file) => file.sha256 === sha256 && file.kept)) return;
  }
  await media.drop(sha256);
}
