import { DEFAULTS } from '#config/schema.ts';
import { openGlossData } from '#mend/index.ts';
import type { Parts } from '#pipeline/parts.ts';
import { openMemory } from '#pipeline/remember.ts';

type Senses = Pick<
  Parts,
  | 'senses'
  | 'memory'
  | 'fingerprint'
  | 'identifier'
  | 'diariser'
  | 'reader'
  | 'describer'
  | 'ledgerLog'
  | 'profile'
  | 'dictionary'
  | 'englishSounds'
  | 'tokens'
  | 'mend'
  | 'terms'
  | 'glosses'
  | 'injecting'
>;

/** Parts that hear with `hearWith` and see nothing: pictures have no way in as text, nothing is remembered, nothing known of words. */
export function earsOnly(hearWith: string): Senses {
  const nobody = () => Promise.reject(new Error('Nobody sees here.'));
  return {
    senses: {
      hear: { ...DEFAULTS.hear, model: hearWith, tone: false },
      see: { reader: null, describer: null },
      watch: DEFAULTS.watch,
    },
    memory: openMemory('nothing', '', 0),
    fingerprint: (id) => id,
    identifier: async () => null,
    diariser: nobody,
    reader: nobody,
    describer: nobody,
    ledgerLog: null,
    profile: async () => null,
    dictionary: async () => null,
    englishSounds: async () => null,
    tokens: async () => null,
    mend: DEFAULTS.mend,
    terms: async () => [],
    glosses: () => openGlossData(null),
    injecting: { way: async () => undefined, open: nobody, model: nobody, check: async () => [] },
  };
}
