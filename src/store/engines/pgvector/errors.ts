import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import { diskFull, unreachable, unusable } from '../remote/errors.ts';

/**
 * What a failure of PostgreSQL or of the way to it means. Codes: appendix A of its manual, and the system's own for connections.
 * Its words may hold values of the caller's, so they are kept as the cause and not repeated.
 */
export function translated(thrown: unknown, where: string): unknown {
  if (isSensoriumError(thrown)) return thrown;
  const error = thrown as { code?: unknown; message?: unknown };
  const code = typeof error.code === 'string' ? error.code : '';
  const words = String(error.message ?? '');
  if (code.startsWith('28')) {
    return unusable(where, 'it refused the user or the password', 'Check user and password in its address.', thrown);
  }
  if (code === '3D000') {
    return unusable(where, 'the database does not exist', 'Create it, or correct its name in the address.', thrown);
  }
  if (code === '42501') {
    return unusable(
      where,
      'the user may not do this',
      'Grant the user CREATE on the database, or give it a schema of its own.',
      thrown,
    );
  }
  if (code === '25006') {
    return unusable(where, 'it can only be read', 'Use the address of the primary server.', thrown);
  }
  if (code === '53100') return diskFull(where, thrown);
  if (code === '42P01' || code === '3F000') {
    return new SensoriumError('store.unknown', `The tables of this space are not in the vector store at ${where}.`, {
      hint: 'Somebody removed them. Add everything again, or restore a backup.',
      cause: thrown,
    });
  }
  if (code === '57014' || /timeout/i.test(words)) return unreachable(where, 'it took too long', thrown);
  // 08: connection; 53: too many connections, no memory; 57P: shutting down; 40: another transaction was in the way.
  if (/^(?:08|53|57P|40)/.test(code)) return unreachable(where, `it answered ${code}`, thrown);
  if (/^E[A-Z_]+$/.test(code)) return unreachable(where, code, thrown);
  if (/connection|terminated|ended/i.test(words)) return unreachable(where, 'the connection broke', thrown);
  return unusable(
    where,
    `PostgreSQL refused a statement (${code || 'no code'})`,
    'Look at the server’s log; if it stays so, this is a bug.',
    thrown,
  );
}
