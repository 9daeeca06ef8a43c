import { expect, it } from 'vitest';
import { Space } from '#contract/vector-store.ts';
import { sameSpace, spaceOf } from './space.ts';

const identity = {
  embedder: 'e',
  weightsSha256: 'ab',
  dimensions: 3,
  preprocessing: 'lower case',
  takes: ['text', 'image'],
} as const;
const space = spaceOf({ ...identity, takes: [...identity.takes] });

it('has an id of its own for everything that changes a vector', () => {
  expect(Space.parse(space)).toEqual(space);
  const others = [
    { embedder: 'f' },
    { weightsSha256: null },
    { weightsSha256: 'cd' },
    { dimensions: 4 },
    { preprocessing: '' },
    { takes: ['text' as const] },
  ];
  const ids = others.map((other) => spaceOf({ ...identity, takes: [...identity.takes], ...other }).id);
  expect(new Set([space.id, ...ids]).size).toBe(others.length + 1);
});

it('is the same whatever the order of what it takes', () => {
  expect(sameSpace(space, spaceOf({ ...identity, takes: ['image', 'text', 'text'] }))).toBe(true);
  expect(sameSpace(space, { ...space, embedder: 'somebody else' })).toBe(false);
});
