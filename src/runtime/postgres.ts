import type pg from 'pg';
import { loadOptional } from './optional.ts';

export type { Pool, PoolClient } from 'pg';

/** The client for PostgreSQL, loaded when first needed. */
export function loadPostgres(): Promise<typeof pg> {
  return loadOptional('pg', async () => (await import('pg')).default);
}
