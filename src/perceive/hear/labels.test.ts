import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EMOTION_IDS, EVENT_IDS, labelled } from './labels.ts';

it('has a name in both languages for each label, and no name twice', () => {
  const all = [...EMOTION_IDS, ...EVENT_IDS];
  expect(new Set(all).size).toBe(all.length);
  const names = all.map((id) => labelled(id));
  expect(names.map((name) => name?.id)).toEqual(all);
  expect(new Set(names.map((name) => name?.en)).size).toBe(all.length);
  expect(new Set(names.map((name) => name?.zh)).size).toBe(all.length);
  for (const name of names) {
    expect(name?.en).toMatch(/^[a-z ]+$/);
    expect(name?.zh).toMatch(/^\p{Script=Han}+$/u);
  }
});

it('knows a label however it is capitalised', () => {
  expect(labelled('Happy')).toEqual({ id: 'happy', en: 'happy', zh: '高兴' });
  expect(labelled(' LAUGHTER')?.zh).toBe('笑声');
});

it('has nothing to say of what is not in it', () => {
  for (const id of ['', 'constructor', '__proto__', '<|HAPPY|>', 'bliss']) expect(labelled(id)).toBeNull();
  fc.assert(
    fc.property(fc.string(), (id) => {
      const known = [...EMOTION_IDS, ...EVENT_IDS].some((one) => one === id.trim().toLowerCase());
      expect(labelled(id) !== null).toBe(known);
    }),
  );
});
