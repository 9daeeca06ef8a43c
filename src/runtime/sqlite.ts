import { loadOptional } from './optional.ts';

/** What of the package is used here: its own declarations know no arrays of parameters. A single buffer that is not in an array ends the process. */
export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): {
    run(parameters: readonly SqliteValue[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
    all(parameters: readonly SqliteValue[]): Record<string, unknown>[];
    get(parameters: readonly SqliteValue[]): Record<string, unknown> | undefined;
  };
  close(): void;
}

export type SqliteValue = string | number | bigint | null | Buffer;

/** Opens a SQLite file through libsql with the functions of sqlite-vec; makes it when it is not there. Calls block: only for worker processes. */
export async function openSqlite(file: string): Promise<SqliteDatabase> {
  const { default: Database } = await loadOptional('libsql', () => import('libsql'));
  const { getLoadablePath } = await loadOptional('sqlite-vec', () => import('sqlite-vec'));
  const database = new Database(file);
  database.loadExtension(getLoadablePath());
  return database as unknown as SqliteDatabase;
}
