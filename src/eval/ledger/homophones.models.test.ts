import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { margins, openDictionary } from '#words/index.ts';
import { modelFolder } from '../../../test/model-folder.ts';
import { homophoneFigures } from './homophones.ts';

const data = fileURLToPath(new URL('../../../../shared/data/text', import.meta.url));
const isHere = existsSync(data);
if (!isHere) console.log('homophones: skipped, there is no ../shared/data/text here.');

const dictionary = await openDictionary(await modelFolder('chinese-words'));

it.skipIf(!isHere)('tells wrong characters of recorded hypotheses by the frequency of words alone', async () => {
  const { withTone, withoutTone, hypotheses, confusables } = await homophoneFigures(data, dictionary);
  console.table({ 'with tone': rounded(withTone), 'without tone': rounded(withoutTone) });
  const rows = Object.entries(hypotheses).map(([name, one]) => {
    const signals = { tone: one.sameTone, anyTone: one.anyTone, surprise: one.surprise, together: one.together };
    const [aurocs, aps] = [map(signals, ({ auroc }) => auroc), map(signals, ({ ap }) => ap)];
    console.log(`${name}: ${one.characters} characters, ${one.wrong} wrong; ${one.bitsPerWord.toFixed(2)} bits a word`);
    console.log(`  AUROC ${JSON.stringify(aurocs)}, average precision ${JSON.stringify(aps)}`);
    console.log(
      `  ${one.listedWords} words of 2 bits or more, ${(one.listedWrong / one.listedWords).toFixed(3)} wrong`,
    );
    return one;
  });
  console.log(`${confusables.found} of ${confusables.of} words confusable by hand are among the alternatives`);
  expect(withTone.bitsPerWord).toBeCloseTo(0.43, 2);
  expect(withoutTone.bitsPerWord).toBeCloseTo(0.98, 2);
  expect(hypotheses['aishell1.ctc_greedy']?.anyTone.auroc).toBeGreaterThan(0.85);
  expect(hypotheses['aishell1.ctc_greedy']?.together.auroc).toBeGreaterThan(0.865);
  expect(rows).toHaveLength(4);
  expect(confusables.found).toBe(confusables.of);
});

it('opens within 150 ms and takes a few milliseconds for 30 s of speech', async () => {
  const folder = await modelFolder('chinese-words');
  const opening = await processorMs(5, () => openDictionary(folder));
  const text = '今天上午国际形势研讨会在北京举行来自三十多个国家和地区的专家学者围绕经济全球化展开了深入讨论'.repeat(4);
  const measuring = await processorMs(40, () => margins(text.slice(0, 150), dictionary));
  console.log(`dictionary: opens in ${opening.toFixed(0)} ms, margins of 150 characters in ${measuring.toFixed(1)} ms`);
  console.log(`dictionary: ${dictionary.words} words, ${dictionary.tokens} running words`);
  expect(opening).toBeLessThan(150);
  expect(measuring).toBeLessThan(20);
});

/** The median of several runs: others share this machine. */
async function processorMs(runs: number, run: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < runs; at += 1) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
}

function rounded(figures: object): Record<string, number> {
  return map(figures as Record<string, number>, (value) => value);
}

function map<T>(record: Record<string, T>, figure: (one: T) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(record).map(([name, one]) => [name, Math.round(figure(one) * 1000) / 1000]));
}
