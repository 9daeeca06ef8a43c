export interface PageWish {
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** One page of a list, oldest first as it is given, in the shape of OpenAI’s API. An id that is not in it stands at its end. */
export function pageOf<T extends { readonly id: string }>(
  all: readonly T[],
  { limit, order, after, before }: PageWish,
  shape: (one: T) => object,
): object {
  const ordered = order === 'asc' ? [...all] : [...all].reverse();
  const placeOf = (id: string) => {
    const at = ordered.findIndex((one) => one.id === id);
    return at < 0 ? ordered.length : at;
  };
  const from = after === undefined ? 0 : placeOf(after) + 1;
  const to = before === undefined ? ordered.length : placeOf(before);
  const within = ordered.slice(from, to);
  const isBackwards = before !== undefined && after === undefined;
  const page = isBackwards ? within.slice(-limit) : within.slice(0, limit);
  return {
    object: 'list',
    data: page.map(shape),
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
    has_more: within.length > page.length,
  };
}
