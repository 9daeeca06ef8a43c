import { describe, expect, it } from 'vitest';
import { unitFor, unitsOf } from './units.ts';

describe('unitsOf', () => {
  it('forgives in content how a thing is written', async () => {
    expect(await unitsOf('Don’t PANIC, forty-two!', 'word', 'content')).toEqual(["don't", 'panic', 'forty', 'two']);
    expect(await unitsOf("He said 'no' twice.", 'word', 'content')).toEqual(['he', 'said', 'no', 'twice']);
    expect((await unitsOf('繁體，ＡＢ！', 'character', 'content')).join('')).toBe('繁体ab');
  });

  it('forgives nothing verbatim but space', async () => {
    expect((await unitsOf('好 吧，嗯…', 'character', 'verbatim')).join('')).toBe('好吧，嗯…');
    expect(await unitsOf('Um, yes.', 'word', 'verbatim')).toEqual(['Um,', 'yes.']);
  });

  it('takes Chinese characters and words of other scripts in a mixed text', async () => {
    expect(await unitsOf('我用Python写code。', 'mixed', 'content')).toEqual(['我', '用', 'python', '写', 'code']);
  });
});

it('knows the unit of a language', () => {
  expect(['zh', 'zh-Hant', 'ja', 'en', 'de', 'zh+en', null].map(unitFor)).toEqual([
    'character',
    'character',
    'character',
    'word',
    'word',
    'mixed',
    'word',
  ]);
});
