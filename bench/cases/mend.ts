import { gate, openGlossary } from '#mend/index.ts';
import { loadOneSpelling } from '#words/index.ts';
import type { BenchCase } from '../case.ts';

/** Heard, and what a language model made of it: as in AISHELL-1, one change that sounds alike and one that does not. */
const PROPOSED: readonly (readonly [string, string])[] = [
  ['回应撤斯不爱国的说法', '回应撤资不爱国的言论'],
  ['每天马路十三个小时', '每天忙碌十三个钟头'],
  ['村民举报县城干部贪污', '村民举报现任干部贪污'],
  ['请把空调温度调到二十六度', '请将空调温度条到二十六度'],
];
const TERMS = 10_000;
const ROUNDS = 500;
const SENTENCE = '今天上午国际形势研讨会在北京举行来自三十多个国家和地区的专家学者围绕经济全球化展开了深入讨论';

export const bench: BenchCase = {
  measures:
    'the pinyin gate for each change that a model proposes, and a glossary of 10,000 terms for a text of 44 characters.',
  async run({ runs }) {
    const spelling = await loadOneSpelling();
    const opened = performance.now();
    const glossary = openGlossary(someTerms());
    const opening = performance.now() - opened;
    const [gated, found] = [[] as number[], [] as number[]];
    for (let run = -1; run < runs; run += 1) {
      let edits = 0;
      const gating = performance.now();
      for (let round = 0; round < ROUNDS; round += 1)
        for (const [before, after] of PROPOSED) {
          const { accepted, refused } = gate(before, after, { spelling });
          edits += accepted.length + refused.length;
        }
      const finding = performance.now();
      for (let round = 0; round < ROUNDS; round += 1) glossary.find(SENTENCE);
      const done = performance.now();
      if (run < 0) continue;
      gated.push((1000 * (finding - gating)) / edits);
      found.push((done - finding) / ROUNDS);
    }
    return [
      { name: 'pinyin gate, a change', unit: 'µs', ours: gated, goal: 'microseconds' },
      { name: `glossary of ${TERMS} terms, a text`, unit: 'ms', ours: found, goal: '≤ 20 ms' },
      { name: 'opening that glossary', unit: 'ms', ours: [opening] },
    ];
  },
};

/** Terms of two to four characters, always the same ones. */
function someTerms(): string[] {
  let seed = 1;
  const next = (below: number) => {
    // Park and Miller's generator: any would do, this one is short.
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const characters = Array.from(`${SENTENCE}春夏秋冬山水云雨金木火土风花雪月红黄蓝绿张王李赵刘陈杨周`);
  const term = () => Array.from({ length: 2 + next(3) }, () => characters[next(characters.length)] ?? '').join('');
  return Array.from({ length: TERMS }, term);
}
