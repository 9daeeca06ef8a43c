import type { Refusal, RefusalKind } from './errors.ts';

/** Codes that mean the same at every service of iFlytek's. Source: error tables in iFLYTEK-OP/websdk-java `doc/`, 2025-11-14. */
const EVERYWHERE: Readonly<Record<string, RefusalKind>> = {
  '10003': 'refused',
  '10004': 'refused',
  '10005': 'refused',
  '10006': 'rate-limited',
  '10007': 'rate-limited',
  '10013': 'refused',
  '10014': 'refused',
  '10015': 'key-refused',
  '10016': 'key-refused',
  '10139': 'refused',
  '10160': 'refused',
  '10161': 'refused',
  '10163': 'refused',
  '10313': 'key-refused',
  '11200': 'key-refused',
  '11201': 'quota-spent',
  '11202': 'rate-limited',
  '11203': 'rate-limited',
};

/** Where Spark and the speech services use the same number for different things. */
const CHAT: Readonly<Record<string, RefusalKind>> = {
  ...EVERYWHERE,
  '10019': 'refused',
  '10022': 'refused',
  '10029': 'refused',
  '10041': 'refused',
  '10907': 'too-long',
};
const SPEECH: Readonly<Record<string, RefusalKind>> = {
  ...EVERYWHERE,
  '10009': 'refused',
  '10010': 'key-refused',
  '10043': 'refused',
  '10114': 'too-long',
};

/** What Spark means by a refusal, over HTTP or a socket. */
export const chatRefusal = (refusal: Refusal): RefusalKind | undefined => kindIn(CHAT, refusal);

/** What iFlytek's dictation and synthesis mean by a refusal. */
export const speechRefusal = (refusal: Refusal): RefusalKind | undefined => kindIn(SPEECH, refusal);

/** The refusal in a message whose `code` is not 0, or `null`. Source: providers of both wires put it beside `message`. */
export function codeRefusal(status: number | null, fields: Readonly<Record<string, unknown>>): Refusal | null {
  const code = Number(fields.code ?? 0);
  if (code === 0 || Number.isNaN(code)) return null;
  const message = typeof fields.message === 'string' ? fields.message : '';
  return { status, message: `${message} (${code})`.trim(), marks: String(code) };
}

function kindIn(table: Readonly<Record<string, RefusalKind>>, { status, marks }: Refusal): RefusalKind | undefined {
  const code = /\b\d{5}\b/.exec(marks)?.[0] ?? '';
  // A code that no table knows is a fault on their side: whoever is at fault on ours is told so by a code of the table.
  return table[code] ?? (code !== '' && status === null ? 'upstream-failed' : undefined);
}
