import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { Transcript } from '#contract/perception.ts';
import type { Recogniser } from '#contract/ports.ts';
import { editDistance } from '#kit/edits.ts';
import { takeMedia } from '#media/index.ts';
import { probe, VOICE_DETECTORS } from '#probe/index.ts';
import { modelFolder } from '../../../test/model-folder.ts';
import { scoringWords } from '../../../test/word-errors.ts';
import { noisy } from './__fixtures__/noise.ts';
import { dataPath, dataRows, soundOf } from './__fixtures__/sound.ts';
import { recogniserFor } from './engines/index.ts';
import { logprobsOf } from './format.ts';
import { type Hearing, hear } from './hear.ts';

const english = (dataRows() ?? []).filter((row) => row.file.startsWith('audio/') && row.lang === 'en');
console.log(
  `prompts: ${english.length} English recordings${english.length === 0 ? ' (shared data is absent: all skipped)' : ''}`,
);

/** Names and terms that nobody says in these recordings. */
const NOT_SAID =
  'Kubernetes Prometheus Wittgenstein Kowalski atorvastatin metoprolol Siobhan Gallagher Kilkenny Vladivostok Reykjavik ' +
  'Schopenhauer Kierkegaard PostgreSQL Gewurztraminer cholecystectomy Szymanowski feldspar archaeopteryx Terraform hearth ' +
  'fourth beetle amicable countertop disposal Grisham crawfish Americas whether';

interface Clip {
  readonly text: string;
  readonly hearing: Hearing;
}

const { signal } = new AbortController();
let moonshine: Recogniser;
const clips: Clip[] = [];
const results = new Map<Clip, Readonly<Record<'none' | 'said' | 'not said', Transcript>>>();
/** Clean recordings leave little to help with. */
const SNR_DB = 5;

describe.skipIf(english.length === 0)('a prompt for moonshine-tiny', () => {
  beforeAll(async () => {
    moonshine = await recogniserFor('moonshine-tiny', { modelDir: modelFolder });
    const detector = await VOICE_DETECTORS[0].create(await modelFolder(VOICE_DETECTORS[0].model));
    const note = () => {};
    for (const row of english) {
      const part = await takeMedia({ kind: 'path', path: dataPath(row.file) }, { part: 'part-1', signal, note });
      const finding = await probe(part, { detector, signal, note });
      if (!part.sound || finding.kind !== 'sound') throw new Error(`${row.file} has no sound`);
      const samples: number[] = [];
      for await (const chunk of part.sound.pcm(signal)) samples.push(...chunk);
      await part.close();
      const sound = soundOf(noisy(Float32Array.from(samples), SNR_DB));
      const clip = { text: row.labels.normalized_text ?? row.text ?? '', hearing: { part: 'part-1', sound, finding } };
      clips.push(clip);
      results.set(clip, {
        none: (await heard(clip)).transcript,
        said: (await heard(clip, `${NOT_SAID} ${clip.text}`)).transcript,
        'not said': (await heard(clip, NOT_SAID)).transcript,
      });
    }
    await detector.close();
  });
  afterAll(() => moonshine?.close());

  it('lets words that are said through, and words that are not said alone', () => {
    const without = errorsOf('none');
    const words = clips.reduce((sum, clip) => sum + scoringWords(clip.text).length, 0);
    console.log(
      `word errors of ${words}: no prompt ${without}, words said among others ${errorsOf('said')}, words not said ${errorsOf('not said')}`,
    );
    expect(words).toBeGreaterThan(100);
    expect(errorsOf('said')).toBeLessThanOrEqual(without - 5);
    expect(errorsOf('not said')).toBeLessThanOrEqual(without + 2);
  });

  it('reports the model’s own probabilities: a word that needed the prompt is not sure', () => {
    const helped: number[] = [];
    for (const { none, said } of results.values()) {
      const plain = scoringWords(none.text);
      for (const { text, confidence } of said.words) {
        if (scoringWords(text).some((one) => !plain.includes(one)) && confidence !== null) helped.push(confidence);
      }
      const spelled = Buffer.from(logprobsOf(said.words).flatMap((token) => token.bytes)).toString();
      expect(spelled.trim()).toBe(said.text);
    }
    console.log('confidence of words that came with the prompt:', helped.map((one) => one.toFixed(2)).join(' '));
    expect(helped.length).toBeGreaterThan(3);
    expect(Math.min(...helped)).toBeLessThan(0.5);
  });

  it('says when no word of a prompt can help, and when there are too many', async () => {
    const [clip] = clips;
    if (!clip) throw new Error('no clip');
    const many = Array.from({ length: 300 }, (_, at) => `qx${at}zz`).join(' ');
    const kinds = async (prompt: string) => (await heard(clip, prompt)).losses.filter((loss) => loss.text === 'prompt');
    expect(await kinds('and what you can do')).toMatchObject([{ kind: 'option-ignored', extent: null }]);
    expect(await kinds(many)).toMatchObject([{ kind: 'option-ignored', extent: 100, unit: 'words' }]);
    expect(await kinds('Gutenberg')).toEqual([]);
  });
});

function errorsOf(prompt: 'none' | 'said' | 'not said'): number {
  let errors = 0;
  for (const [clip, heardWith] of results) {
    errors += editDistance(scoringWords(clip.text), scoringWords(heardWith[prompt].text));
  }
  return errors;
}

async function heard({ hearing }: Clip, prompt?: string): Promise<{ transcript: Transcript; losses: Loss[] }> {
  const losses: Loss[] = [];
  const transcript = await hear({ ...hearing, prompt }, moonshine, { signal, note: (loss) => losses.push(loss) });
  return { transcript, losses };
}
