import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '#config/schema.ts';
import type { MediaKind, MediaPart } from '#contract/media.ts';
import { besideFor, isElsewhere, type Senses, senseFor } from './senses.ts';

const part = (kind: MediaKind, mimeType = 'x/y', sound = false) =>
  ({ media: { kind, mimeType }, ...(sound ? { sound: {} } : {}) }) as unknown as MediaPart;
const senses = (see: Partial<Senses['see']> = {}, hear: Partial<Senses['hear']> = {}): Senses => ({
  hear: { ...DEFAULTS.hear, model: 'ears', ...hear },
  see: { reader: 'eyes', describer: null, ...see },
  watch: DEFAULTS.watch,
});

describe('senseFor', () => {
  it('hears recordings, and names everything that takes part', () => {
    const sense = senseFor(part('audio', 'audio/wav', true), senses({}, { second: 'other', speakers: 'pyannote:/x' }));
    expect(sense).toEqual({
      ...{ engine: 'ears + other + pyannote:/x', only: undefined },
      engines: ['ears', 'other', 'pyannote:/x'],
    });
  });

  it('says what a picture loses when nothing tells what it shows', () => {
    expect(senseFor(part('image'), senses())).toMatchObject({ engine: 'eyes', only: 'the writing in it' });
    const described = senseFor(part('image'), senses({ describer: 'openai:gpt-4o' }));
    expect(described).toMatchObject({ engine: 'eyes + openai:gpt-4o', only: undefined });
    expect(senseFor(part('image'), senses({ reader: null }))).toBeNull();
  });

  it('only hears a video where nothing sees', () => {
    const blind = senses({ reader: null });
    expect(senseFor(part('video', 'video/mp4', true), blind)).toMatchObject({ engine: 'ears', only: 'its sound' });
    expect(senseFor(part('video'), blind)).toBeNull();
    expect(senseFor(part('video', 'video/mp4', true), senses())).toMatchObject({ engine: 'ears + eyes' });
    expect(senseFor(part('video'), senses())).toMatchObject({ engine: 'eyes' });
  });

  it('reads documents of the families there are, and takes text as it is', () => {
    expect(senseFor(part('document', 'application/pdf'), senses())).toMatchObject({ engine: 'pdfium' });
    expect(senseFor(part('document', 'application/x-nothing'), senses())).toBeNull();
    expect(senseFor(part('text'), senses())).toBeNull();
  });
});

it('puts beside a video what is said in it, beside a picture what is written in it', () => {
  expect(besideFor(part('video', 'video/mp4', true), senses())).toBe('ears');
  expect(besideFor(part('video'), senses())).toBeNull();
  expect(besideFor(part('image'), senses())).toBe('eyes');
});

it('tells a folder from somebody else’s machine', () => {
  expect(['qwen:qwen3-asr-flash', 'openai:gpt-4o'].every(isElsewhere)).toBe(true);
  expect(['whisper-base', 'whisper:/srv/whisper', 'whisper:C:\\models'].some(isElsewhere)).toBe(false);
});
