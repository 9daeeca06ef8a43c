import { editDistance } from './edits.ts';

/**
 * The name most like what was typed, or `null` when none is near: a name that begins so, else the fewest edits, at most
 * half of the name.
 */
export function nearestName(typed: string, names: readonly string[]): string | null {
  const wanted = typed.toLowerCase();
  if (wanted === '') return null;
  const begun = names.find((name) => name.startsWith(wanted));
  if (begun) return begun;
  const [best] = names.map((name) => ({ name, edits: editDistance(wanted, name) })).sort((a, b) => a.edits - b.edits);
  return best && best.edits <= Math.max(2, Math.floor(best.name.length / 2)) ? best.name : null;
}
