import { describe, expect, it } from 'vitest';
import { attributeOption, filterOption, limitOption, namesOption } from './store-options.ts';

describe('options of the store commands', () => {
  it('read filters, and let several hold together', () => {
    expect(filterOption('team=red')).toEqual({ type: 'eq', key: 'team', value: 'red' });
    expect(filterOption('year >= 2020')).toEqual({ type: 'gte', key: 'year', value: 2020 });
    expect(filterOption('done!=true')).toEqual({ type: 'ne', key: 'done', value: true });
    const two = filterOption('b<2', filterOption('a>1'));
    expect(two).toEqual({
      type: 'and',
      filters: [
        { type: 'gt', key: 'a', value: 1 },
        { type: 'lt', key: 'b', value: 2 },
      ],
    });
    expect(filterOption('c=x=y', two)).toMatchObject({ filters: { length: 3 } });
    expect(() => filterOption('year')).toThrow(/KEY=VALUE/);
  });

  it('read attributes, names and limits', () => {
    expect(attributeOption('n=1', attributeOption('team=红队'))).toEqual({ team: '红队', n: 1 });
    expect(attributeOption('empty=')).toEqual({ empty: '' });
    expect(() => attributeOption('=x')).toThrow(/KEY=VALUE/);
    expect(namesOption('notes, library')).toEqual(['notes', 'library']);
    expect(() => namesOption(' , ')).toThrow(/name of a store/);
    expect(limitOption('7')).toBe(7);
    for (const bad of ['0', '51', 'x', '1.5']) expect(() => limitOption(bad)).toThrow(/from 1 to 50/);
  });
});
