import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EnglishPhonemizer, phonemizerOf } from './english.ts';
import { KOKORO_SYMBOLS } from './index.ts';
import { loadLexicon } from './lexicon.ts';

const fixtures = fileURLToPath(new URL('./__fixtures__', import.meta.url));
/** Stands for the neural model: says every unknown word as "cat". */
const readsCat = () => ['K', 'AE1', 'T'];

let us: EnglishPhonemizer;
let gb: EnglishPhonemizer;
beforeAll(async () => {
  us = phonemizerOf(await loadLexicon(fixtures, 'us'), readsCat, 'us');
  gb = phonemizerOf(await loadLexicon(fixtures, 'gb'), readsCat, 'gb');
});

const say = (text: string) => us.phonemize(text).phonemes;
const sources = (text: string) => us.phonemize(text).words.map(({ source }) => source);

describe('words', () => {
  it.each([
    ['dog', 'dˈɔɡ'],
    ['Dog', 'dˈɔɡ'],
    ['DOG', 'dˈɔɡ'],
    ['gizmo', 'ɡˈɪzmO'],
    ['NASA', 'nˈæsə'],
    ['EMC', 'ˌiˌɛmsˈi'],
    ['TBMs', 'tˌibˌiˈɛmz'],
    ['U.S.', 'jˌuˈɛs.'],
    ["John's", 'ʤˈɑnz'],
    ["don't", 'dˈOnt'],
    ['don’t', 'dˈOnt'],
    ["gizmo'll", 'ɡˈɪzmOᵊl'],
    ["dogs'", 'dˈɔɡz'],
    ['well-known', 'wˌɛlnˈOn'],
    ['café', 'kæfˈA'],
    ['happyDog', 'hˈæpidˌɔɡ'],
    ['McCat', 'məkkˈæt'],
    ["O'Cat", 'Okˈæt'],
    ['Mr. John', 'mˈɪstəɹ ʤˈɑn'],
  ])('%s', (text, phonemes) => {
    expect(say(text)).toBe(phonemes);
  });

  it.each([
    ['cats', 'kˈæts'],
    ['dogs', 'dˈɔɡz'],
    ['buses', 'bˈʌsᵻz'],
    ['parties', 'pˈɑɹTiz'],
    ['walked', 'wˈɔkt'],
    ['needed', 'nˈidᵻd'],
    ['wanted', 'wˈɔntᵻd'],
    ['waited', 'wˈATᵻd'],
    ['waiting', 'wˈATɪŋ'],
    ['hoping', 'hˈOpɪŋ'],
    ['running', 'ɹˈʌnɪŋ'],
    ['lived', 'lˈɪvd'],
    ['happiness', 'hˈæpinəs'],
    ['unfriend', 'ˌʌnfɹˈɛnd'],
    ['dockerfiles', 'dˈɑkəɹfˌIlz'],
  ])('%s from its parts', (text, phonemes) => {
    expect(us.phonemize(text)).toEqual({ phonemes, words: [{ text, phonemes, source: 'derived' }] });
  });

  it('writes the flap and the glottal stop as Kokoro does', () => {
    expect(say('city button')).toBe('sˈɪTi bˈʌtn');
  });

  it('spells what cannot be read, and says so', () => {
    expect(us.phonemize('5 2%').words).toEqual([
      { text: '5', phonemes: 'fˈIv', source: 'spelled' },
      { text: '2', phonemes: 'tˈu', source: 'spelled' },
      { text: '%', phonemes: 'pəɹsˈɛnt', source: 'lexicon' },
    ]);
    expect(sources('EMC')).toEqual(['spelled']);
    expect(say('mpc')).toBe('ˌɛmpˌisˈi');
  });

  it('asks the model last', () => {
    expect(us.phonemize('zorblat').words).toEqual([{ text: 'zorblat', phonemes: 'kˈæt', source: 'neural' }]);
    expect(say("zorblat's")).toBe('kˈæts');
  });

  it('never skips a word in silence', () => {
    expect(us.phonemize('dog 你好 ☃ cat').words).toEqual([
      { text: 'dog', phonemes: 'dˈɔɡ', source: 'lexicon' },
      { text: '你好', phonemes: '', source: 'none' },
      { text: '☃', phonemes: '', source: 'none' },
      { text: 'cat', phonemes: 'kˈæt', source: 'lexicon' },
    ]);
    expect(say('dog 你好 ☃ cat')).toBe('dˈɔɡ kˈæt');
    expect(sources('constructor'.repeat(9))).toEqual(['none']);
  });

  it('does not take an object property for a word', () => {
    expect(sources('constructor')).toEqual(['neural']);
  });
});

describe('words in context', () => {
  it.each([
    ['the dog', 'ðə dˈɔɡ'],
    ['the apple', 'ði ˈæpᵊl'],
    ['a dog', 'ɐ dˈɔɡ'],
    ['an apple', 'ɐn ˈæpᵊl'],
    ['plan A', 'kˈæt ˈA'],
    ['to dog', 'tə dˈɔɡ'],
    ['to apple', 'tʊ ˈæpᵊl'],
    ['to.', 'tu.'],
    ['in the', 'ɪn ðə'],
    ['it is in.', 'ɪt ɪz ˈɪn.'],
    ['I am a man', 'ˌI ɐm ɐ mˈæn'],
    ['at five AM', 'æt fˈIv ˌAˈɛm'],
    ['he used to swim', 'hi jˈust tə swˈɪm'],
    ['he used money', 'hi jˈuzd mˈʌni'],
    ['for her', 'fɔɹ hˌɜɹ'],
    ['her dog', 'hɜɹ dˈɔɡ'],
    ['the US', 'ðə jˌuˈɛs'],
    ['like us', 'lˈIk ˌʌs'],
    ['IT IS US', 'ˈɪt ˈɪz ˈʌs'],
    ['that man', 'ðæt mˈæn'],
    ['That man', 'ðˈæt mˈæn'],
  ])('%s', (text, phonemes) => {
    expect(say(text)).toBe(phonemes);
  });

  it.each([
    ['he read it', 'ɹˈɛd'],
    ['to read it', 'ɹˈid'],
    ['he will read', 'ɹˈid'],
    ['it was read', 'ɹˈɛd'],
    ['the record', 'ɹˈɛkəɹd'],
    ['to record', 'ɹəkˈɔɹd'],
    ['the use', 'jˈus'],
    ['I use it', 'jˈuz'],
    ['I live', 'lˈɪv'],
    ['a live dog', 'lˈIv'],
    ['is close', 'klˈOs'],
    ['will close', 'klˈOz'],
  ])('%s', (text, phonemes) => {
    expect(say(text).split(' ')).toContain(phonemes);
  });
});

describe('marks', () => {
  it.each([
    ['dog, cat! dog? dog; cat: dog...', 'dˈɔɡ, kˈæt! dˈɔɡ? dˈɔɡ; kˈæt: dˈɔɡ...'],
    ['"dog" (cat) “dog”', '“dˈɔɡ” (kˈæt) “dˈɔɡ”'],
    ['dog - cat', 'dˈɔɡ — kˈæt'],
    ['dog—cat', 'dˈɔɡ—kˈæt'],
    ['dog--cat', 'dˈɔɡ—kˈæt'],
    ["'dog' cat", 'dˈɔɡ kˈæt'],
    ['dog，cat。', 'dˈɔɡ,kˈæt.'],
    ['  dog\n\tcat ', 'dˈɔɡ kˈæt'],
    ['dog/cat', 'dˈɔɡ kˈæt'],
    ['', ''],
  ])('%j', (text, phonemes) => {
    expect(say(text)).toBe(phonemes);
  });
});

describe('British', () => {
  it.each([
    ['waited', 'wˈAtɪd'],
    ['buses', 'bˈʌsɪz'],
    ['city', 'sˈɪti'],
    ['the water', 'ðə wˈɔːtə'],
    ['clearer', 'klˈɪəɹə'],
    ['zorblat', 'kˈat'],
  ])('%s', (text, phonemes) => {
    expect(gb.phonemize(text).phonemes).toBe(phonemes);
  });
});

it('says any text in symbols Kokoro knows, and accounts for every letter and digit', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(fc.constantFrom('dog', 'THE', "'s", '-', '.', 'É', '你', '7', ' ', '"', 'Mc', 'xq', '…'), {
        maxLength: 20,
      })
      .map((parts) => parts.join('')),
  );
  void fc.assert(
    fc.property(text, (written) => {
      const { phonemes, words } = us.phonemize(written);
      expect(Array.from(phonemes).filter((symbol) => !KOKORO_SYMBOLS.has(symbol))).toEqual([]);
      expect(phonemes).toBe(phonemes.trim());
      const letters = (value: string) => value.replace(/[^\p{L}\p{N}]/gu, '');
      expect(letters(words.map((word) => word.text).join(''))).toBe(letters(written));
      for (const word of words) expect(word.phonemes === '' && word.source !== 'none').toBe(false);
    }),
    { numRuns: 300 },
  );
});

it('names the file and the remedy when the data is missing', async () => {
  await expect(loadLexicon('/nowhere', 'us')).rejects.toMatchObject({ code: 'speak.pronunciation-data-broken' });
});
