import { cancelled, orCancelled, throwIfCancelled } from '#kit/abort.ts';
import { loadPostgres, type Pool, type PoolClient } from '#runtime/postgres.ts';
import { translated } from './errors.ts';

export interface SessionOptions {
  /** As libpq writes it: `postgresql://user:password@host:5432/database`. */
  readonly url: string;
  /** How many connections at most, 4 where it is left out. */
  readonly connections?: number | undefined;
  readonly connectTimeoutMs?: number | undefined;
  /** How long one statement may take, on the server and as seen from here. */
  readonly statementTimeoutMs?: number | undefined;
}

/** Connections to one database. */
export interface Sessions {
  /** Its host, for people. */
  readonly where: string;
  /** Runs `work` in a transaction: all of it happens and is on disk when this resolves, or nothing of it. */
  transaction<T>(
    signal: AbortSignal,
    work: (client: PoolClient) => Promise<T>,
    settings?: readonly string[],
  ): Promise<T>;
  /** One statement that may take minutes and must not be in a transaction. */
  long(signal: AbortSignal, sql: string): Promise<void>;
  close(): Promise<void>;
}

const LONGEST_WORK_MS = 60 * 60_000;
/** What the client gives up after, past what the server was told to give up after. */
const GRACE_MS = 2_000;
const CLOSE_MS = 2_000;

/** Opens connections as they are needed. A connection over which anything failed is not used again. */
export async function openSessions(options: SessionOptions): Promise<Sessions> {
  const pg = await loadPostgres();
  const { connections = 4, connectTimeoutMs = 5_000, statementTimeoutMs = 30_000 } = options;
  const where = hostOf(options.url);
  const pool: Pool = new pg.Pool({
    connectionString: options.url,
    max: connections,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: statementTimeoutMs + GRACE_MS,
    application_name: 'sensorium',
    keepAlive: true,
    allowExitOnIdle: true,
  });
  // A server that goes away says so on each connection, also beside the statement that fails; nobody listening would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));

  async function session<T>(signal: AbortSignal, work: (client: PoolClient) => Promise<T>): Promise<T> {
    throwIfCancelled(signal);
    let client: PoolClient | null = null;
    let failed = true;
    try {
      const connecting = pool.connect();
      client = await orCancelled(connecting, signal).catch((error: unknown) => {
        connecting.then(
          (late) => late.release(),
          () => {},
        );
        throw error;
      });
      const done = await orCancelled(work(client), signal);
      failed = false;
      return done;
    } catch (error) {
      if (signal.aborted) throw cancelled(signal);
      throw translated(error, where);
    } finally {
      client?.release(failed);
    }
  }

  return {
    where,
    transaction: (signal, work, settings = []) =>
      session(signal, async (client) => {
        const local = [`statement_timeout = ${statementTimeoutMs}`, 'synchronous_commit = on', ...settings];
        await client.query(['begin', ...local.map((setting) => `set local ${setting}`)].join('; '));
        const done = await work(client);
        await client.query('commit');
        return done;
      }),
    long: (signal, sql) =>
      session(signal, async (client) => {
        await client.query('set statement_timeout = 0');
        await client.query({ text: sql, query_timeout: LONGEST_WORK_MS } as { text: string });
        await client.query('reset statement_timeout');
      }),
    async close() {
      // A server that hangs must not keep us.
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, CLOSE_MS);
      });
      await Promise.race([pool.end().catch(() => {}), enough]);
      clearTimeout(timer);
    },
  };
}

/** Where a database is, without what opens it. */
function hostOf(url: string): string {
  if (!URL.canParse(url)) return 'PostgreSQL';
  const { host, pathname, searchParams } = new URL(url);
  return `${host || searchParams.get('host') || 'localhost'}${pathname}`;
}
