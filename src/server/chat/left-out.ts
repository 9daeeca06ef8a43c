/** As many as this are named; a request that holds more unknown fields is not made for this API at all. */
const MOST_NAMED = 20;
const LONGEST_NAME = 100;

/**
 * Fields of a request that its schema does not know, below the first level, such as `messages.cache_control`: the schema
 * leaves them out. One that is empty asks for nothing. Each is named once, however often it stands there.
 */
export function fieldsLeftOut(given: unknown, kept: unknown): string[] {
  const found = new Set<string>();
  walk(given, kept, '', found);
  return [...found];
}

function walk(given: unknown, kept: unknown, path: string, found: Set<string>): void {
  if (!isObject(given) || !isObject(kept) || found.size >= MOST_NAMED) return;
  if (Array.isArray(given)) {
    const others: readonly unknown[] = Array.isArray(kept) ? kept : [];
    for (const [at, value] of given.entries()) walk(value, others[at], path, found);
    return;
  }
  for (const name in given) {
    const value = given[name];
    const field = path === '' ? name : `${path}.${name}`;
    if (name in kept) walk(value, kept[name], field, found);
    else if (!isEmpty(value) && found.size < MOST_NAMED) found.add(field.slice(0, LONGEST_NAME));
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return true;
  return isObject(value) && Object.keys(value).length === 0;
}
