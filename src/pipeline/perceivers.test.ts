import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '#config/schema.ts';
import { type PerceiverOptions, perceivers } from './perceivers.ts';

const signal = new AbortController().signal;
const ensured: string[] = [];
const options: PerceiverOptions = {
  store: {
    list: async () => [],
    fingerprint: (id) => `files of ${id}`,
    stageOf: (id) => (id === 'whisper-small' ? 'hear' : id === 'kokoro-82m' ? 'speak' : null),
  },
  ...{ providers: {}, offline: true, threads: 1 },
  async ensure(model) {
    ensured.push(model);
    throw new Error('not here');
  },
  model: () => Promise.reject(new Error('no model')),
};
const made = perceivers(DEFAULTS, options);

describe('perceivers', () => {
  it('hear with a model that the user added, and with no other of the store', async () => {
    expect(() => made.checkRecogniser('whisper-small')).not.toThrow();
    expect(() => made.checkRecogniser('kokoro-82m')).toThrow(expect.objectContaining({ code: 'hear.unknown-engine' }));
    expect(() => made.checkRecogniser('whisper-giant')).toThrow(
      expect.objectContaining({ code: 'hear.unknown-engine' }),
    );
    await expect(made.recogniser('whisper-small', signal)).rejects.toThrow('not here');
    expect(ensured).toEqual(['whisper-small']);
  });

  it('know the version of what they are made of', () => {
    expect(made.fingerprint('whisper-small')).toMatch(/^whisper-small \d+\.\d+\.\d+\S* files of whisper-small$/);
    expect(made.fingerprint('pp-ocrv4')).toContain('files of pp-ocrv4');
    expect(made.fingerprint('openai:whisper-1')).toMatch(/^openai:whisper-1 \S+ $/);
  });

  it('tell no languages apart where nothing that can is here', async () => {
    const other = perceivers({ hear: { ...DEFAULTS.hear, model: 'moonshine-tiny' } }, options);
    expect(await other.identifier(signal)).toBeNull();
  });
});
