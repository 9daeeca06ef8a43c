import { loadOptional } from './optional.ts';

type Lance = typeof import('@lancedb/lancedb');
type Arrow = typeof import('apache-arrow');

export type {
  Connection as LanceConnection,
  Index as LanceIndex,
  Table as LanceTable,
  VectorQuery as LanceVectorQuery,
} from '@lancedb/lancedb';
export type { Schema as ArrowSchema, Table as ArrowTable } from 'apache-arrow';

export interface LancePackages {
  readonly lance: Lance;
  readonly arrow: Arrow;
}

/** LanceDB and the Arrow it came with, loaded when first needed. It says in its own words what it warns of, so only errors are let out. */
export async function loadLancedb(): Promise<LancePackages> {
  return loadOptional('@lancedb/lancedb', async () => {
    // biome-ignore lint/style/noProcessEnv: the library has no other switch
    process.env.LANCEDB_LOG ??= 'error';
    const [lance, arrow] = await Promise.all([import('@lancedb/lancedb'), import('apache-arrow')]);
    return { lance, arrow };
  });
}
