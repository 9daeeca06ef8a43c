import { describe, expect, it } from 'vitest';
import { pageOf } from './paging.ts';

const all = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }));
const page = (wish: object) => pageOf(all, { limit: 2, order: 'asc', ...wish }, ({ id }) => ({ id }));

describe('reading lists page by page', () => {
  it('gives the first page and says whether there is more', () => {
    expect(page({})).toEqual({
      ...{ object: 'list', data: [{ id: 'a' }, { id: 'b' }], first_id: 'a', last_id: 'b', has_more: true },
    });
    expect(page({ order: 'desc', limit: 5 })).toMatchObject({ first_id: 'e', last_id: 'a', has_more: false });
  });

  it('goes on after an id and back before one', () => {
    expect(page({ after: 'b' })).toMatchObject({ first_id: 'c', last_id: 'd', has_more: true });
    expect(page({ after: 'd' })).toMatchObject({ first_id: 'e', last_id: 'e', has_more: false });
    expect(page({ before: 'd' })).toMatchObject({ first_id: 'b', last_id: 'c', has_more: true });
    expect(page({ after: 'd', order: 'desc' })).toMatchObject({ first_id: 'c', last_id: 'b', has_more: true });
    expect(page({ after: 'nobody' })).toMatchObject({ data: [], first_id: null, last_id: null, has_more: false });
  });
});
