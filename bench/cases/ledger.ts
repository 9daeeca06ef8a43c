import { join } from 'node:path';
import { parseModelId } from '#ask/index.ts';
import type { Transcript, Word } from '#contract/perception.ts';
import { type Knowledge, type LedgerInput, makeLedger } from '#ledger/index.ts';
import { openTokens } from '#tokens/index.ts';
import { openDictionary } from '#words/index.ts';
import type { BenchCase } from '../case.ts';

/** Half a minute as a quick speaker says it, heard twice; the second reader differs in five places. */
const HEARD = [
  '今天上午国际形势研讨会在北京举行来自三十多个国家和地区的专家学者',
  '围绕经济全球化展开了深入讨论与会代表认为合作仍是主要趋势',
  '村民举报县城干部贪污有关部门已经介入调查结果将尽快公布',
  '每天马路十三个小时的司机们希望公司回应撤斯不爱国的说法',
  '请把空调温度调到二十六度再打开窗户通风大约半个小时就可以了',
];
const AGAIN: readonly (readonly [string, string])[] = [
  ['县城', '现任'],
  ['马路', '忙碌'],
  ['撤斯', '撤资'],
  ['与会', '预会'],
  ['通风', '通封'],
];
const SECONDS = 30;
const MODEL = 'qwen2.5-coder-0.5b-instruct';
const ROUNDS = 20;

export const bench: BenchCase = {
  measures: `the ledger of ${SECONDS} s of Chinese speech (${HEARD.join('').length} characters, heard by two readers), all three losses, with everything open.`,
  async run({ runs, sensorium, signal }) {
    const [words, model] = await Promise.all(
      ['chinese-words', MODEL].map((name) => sensorium.models.ensure(name, { signal })),
    );
    const knowledge: Knowledge = {
      dictionary: await openDictionary(words ?? ''),
      tokens: await openTokens(join(model ?? '', weightsOf(MODEL)), signal),
      english: null,
    };
    const input = request();
    const [took, alone] = [[] as number[], [] as number[]];
    const timed = (known: Knowledge | undefined) => {
      const startedMs = performance.now();
      for (let round = 0; round < ROUNDS; round += 1) makeLedger(input, known);
      return (performance.now() - startedMs) / ROUNDS;
    };
    for (let run = -1; run < runs; run += 1) {
      const [whole, bare] = [timed(knowledge), timed(undefined)];
      if (run < 0) continue;
      took.push(whole);
      alone.push(bare);
    }
    return [
      { name: `ledger of ${SECONDS} s of speech`, unit: 'ms', ours: took, goal: '≤ 50 ms' },
      { name: 'the same without dictionary and tokenizer', unit: 'ms', ours: alone },
    ];
  },
};

function weightsOf(id: string): string {
  const named = parseModelId(id);
  return named.kind === 'local' ? named.model.file : id;
}

function request(): LedgerInput {
  const segments = HEARD.map((text, at) => {
    const startMs = (at * SECONDS * 1000) / HEARD.length;
    const stepMs = (SECONDS * 1000) / HEARD.length / text.length;
    const spoken = Array.from(
      text,
      (character, place): Word => ({
        ...{ text: character, startMs: startMs + place * stepMs, endMs: startMs + (place + 1) * stepMs },
        ...{
          confidence: place % 9 === 4 ? 0.4 : 0.95,
          confidenceSource: 'token-logprob:bench',
          timeSource: 'attention',
        },
        tokens: [{ id: place, text: character, logprob: Math.log(place % 9 === 4 ? 0.4 : 0.95) }],
      }),
    );
    const second = AGAIN.reduce((sum, [from, to]) => sum.replace(from, to), text);
    return {
      ...{
        startMs,
        endMs: startMs + text.length * stepMs,
        text,
        words: spoken,
        meanLogprob: -0.2,
        compressionRatio: 1.2,
      },
      ...{ noSpeechProbability: 0.01, language: 'zh', second: { engine: 'other', text: second, agreement: 0.95 } },
    };
  });
  const heard: Transcript = {
    ...{ part: 'part-1', kind: 'transcript', text: HEARD.join(''), language: 'zh', languageSource: 'declared' },
    ...{ durationMs: SECONDS * 1000, engine: 'bench', words: segments.flatMap(({ words }) => words), segments },
  };
  const speech = segments.map(({ startMs, endMs }) => ({ startMs, endMs }));
  return {
    ...{ requestId: 'req_bench', createdAt: new Date(), language: 'zh', plan: [], losses: [], mitigations: [] },
    media: [
      {
        ...{ part: 'part-1', kind: 'audio', name: 'bench.wav', source: 'file', mimeType: 'audio/wav' },
        ...{ sizeBytes: 960_044, sha256: '0'.repeat(64) },
      },
    ],
    findings: [
      {
        ...{ part: 'part-1', kind: 'sound', durationMs: SECONDS * 1000, speech, speechRatio: 1, speechSource: 'bench' },
        ...{ rmsDb: -20, peakDb: -3, clippedRatio: 0, snrDb: 30, invalidSamples: 0 },
      },
    ],
    perceptions: [heard],
    conversions: [],
  };
}
