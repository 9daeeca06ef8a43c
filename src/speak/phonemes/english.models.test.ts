import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '#config/index.ts';
import { guessTag } from './guess-tag.ts';
import { createEnglishPhonemizer, KOKORO_SYMBOLS } from './index.ts';
import { type LexiconEntry, loadLexicon } from './lexicon.ts';
import { loadLettersToArpabet } from './neural/model.ts';
import { parentOf, type Tag } from './tag.ts';

const models = join(loadConfig().home, 'models');
const [lexiconDir, g2pDir] = [join(models, 'english-lexicon'), join(models, 'english-g2p')];
const missing = [lexiconDir, g2pDir].filter((folder) => !existsSync(folder));
if (missing.length > 0) console.warn(`skipping the English phonemizer's model tests: no ${missing.join(', no ')}`);

const fixture = (name: string) => readFileSync(new URL(`./__fixtures__/${name}`, import.meta.url), 'utf8');
const rows = (name: string) =>
  fixture(name)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'));

describe.skipIf(missing.length > 0)('with the real lexicon and model', () => {
  it('reads unknown words exactly as g2p_en does', async () => {
    const read = await loadLettersToArpabet(g2pDir);
    const recorded = Object.entries(JSON.parse(fixture('g2p-en-recorded.json')) as Record<string, string>);
    console.log(`g2p_en: ${recorded.length} recorded words`);
    expect(recorded.length).toBeGreaterThan(90);
    for (const [word, phones] of recorded) expect([word, read(word).join(' ')]).toEqual([word, phones]);
  });

  it.each(['us', 'gb'] as const)('agrees with recorded Misaki output (%s)', async (variant) => {
    const { phonemize } = await createEnglishPhonemizer({ lexiconDir, g2pDir, variant });
    const recorded = rows('misaki-recorded.tsv').filter(([kind]) => kind === variant);
    let [same, words, sentences] = [0, 0, 0];
    for (const [, text = '', reference = ''] of recorded) {
      const [ours, theirs] = [phonemize(text).phonemes.split(' '), reference.split(' ')];
      words += theirs.length;
      same += theirs.filter((word, index) => word === ours[index]).length;
      if (ours.join(' ') === reference) sentences += 1;
    }
    console.log(`${variant}: ${same} of ${words} words, ${sentences} of ${recorded.length} sentences identical`);
    expect(recorded.length).toBeGreaterThanOrEqual(30);
    expect(same / words).toBeGreaterThan(0.98);
  });

  it('says most homographs by their part of speech', async () => {
    const { gold } = await loadLexicon(lexiconDir, 'us');
    const sentences = rows('homographs.tsv');
    const wrong = sentences.flatMap(([word = '', truth = '', sentence = '']) => {
      const sequence = sentence.match(/[\p{L}']+|[.,?!]/gu) ?? [];
      const guess = guessTag(
        sequence,
        sequence.findIndex((item) => item.toLowerCase() === word),
      );
      return pick(gold(word), guess) === pick(gold(word), PENN[truth] ?? (truth as Tag))
        ? []
        : [`${word}: ${sentence}`];
    });
    console.log(
      `homographs: ${sentences.length - wrong.length} of ${sentences.length} right; wrong: ${wrong.join(' | ')}`,
    );
    expect(sentences.length).toBeGreaterThan(200);
    expect(wrong.length).toBeLessThanOrEqual(6);
  });

  it.each(['us', 'gb'] as const)('holds only symbols Kokoro knows (%s)', async (variant) => {
    const { phonemize } = await createEnglishPhonemizer({ lexiconDir, g2pDir, variant });
    const words = Object.keys(JSON.parse(readFileSync(join(lexiconDir, `${variant}_gold.json`), 'utf8')));
    const silver = Object.keys(JSON.parse(readFileSync(join(lexiconDir, `${variant}_silver.json`), 'utf8')));
    const unknown = new Set<string>();
    let unsaid = 0;
    for (const word of [...words, ...silver]) {
      const said = phonemize(word);
      for (const symbol of said.phonemes) if (!KOKORO_SYMBOLS.has(symbol)) unknown.add(symbol);
      if (said.words.some(({ source }) => source === 'none')) unsaid += 1;
    }
    console.log(`${variant}: ${words.length + silver.length} lexicon words said, ${unsaid} not`);
    expect(words.length + silver.length).toBeGreaterThan(150_000);
    expect([...unknown]).toEqual([]);
    expect(unsaid).toBe(0);
  });
});

const PENN: Readonly<Record<string, Tag>> = { NNS: 'NN', VBZ: 'VB' };

function pick(entry: LexiconEntry | undefined, tag: Tag): string | null | undefined {
  return typeof entry === 'object' ? (entry[tag] ?? entry[parentOf(tag)] ?? entry.DEFAULT) : entry;
}
