import { buildMessages } from '#ask/index.ts';
import type { Transcript } from '#contract/perception.ts';
import { nowMs } from '#kit/clock.ts';
import { alternate } from '../alternate.ts';
import { type BenchCase, type BenchContext, beside, type Figure } from '../case.ts';
import { PEER_NAMES, type Peer } from '../peers/peer.ts';
import { sentencesOf } from '../phonemes.ts';
import { processTree, residentMiB } from '../processes.ts';
import { LONG_QUESTION, MAX_ANSWER_TOKENS, spokenQuestion } from '../spoken-question.ts';

export const bench: BenchCase = {
  measures: 'the end of a recorded question → the first sound of the spoken answer, and the last. Models are loaded.',
  async run(context) {
    await context.peer?.ready('hear', 'ask', 'speak');
    return [
      ...(await compare('a question', context.recording.question, context)),
      ...(await compare('five sentences', LONG_QUESTION, context)),
    ];
  },
};

async function compare(kind: string, question: string | null, context: BenchContext): Promise<Figure[]> {
  const { peer, runs, toolPids } = context;
  const notOurs = [...toolPids, ...(peer ? (await processTree(peer.pid)).keys() : [])];
  const { ours, peer: theirs } = await alternate(
    runs,
    (round) => overlapped(question, context, round, notOurs),
    peer && ((round) => sequential(question, peer, context, round)),
  );
  const whole = 'Python, one step after the other';
  const bySentence = 'Python, speaking sentence by sentence';
  const first = { name: `${kind}: first audio`, unit: 's', ours: ours.firstAudio };
  return [
    { name: `${kind}: words heard`, unit: 's', ours: ours.heard, peer: beside(whole, theirs?.heard) },
    { name: `${kind}: first token`, unit: 's', ours: ours.firstToken, peer: beside(whole, theirs?.firstToken) },
    { ...first, peer: beside(whole, theirs?.allAudio), goal: '≤ 0.5' },
    { ...first, peer: beside(bySentence, theirs?.firstSentence) },
    { name: `${kind}: all audio`, unit: 's', ours: ours.allAudio, peer: beside(whole, theirs?.allAudio) },
    { name: `${kind}: memory`, unit: 'MiB', ours: ours.memory, peer: beside('Python, one process', theirs?.memory) },
  ];
}

async function overlapped(question: string | null, context: BenchContext, round: number, notOurs: readonly number[]) {
  const startedMs = nowMs();
  const seconds: Partial<Record<'heard' | 'firstToken' | 'firstAudio' | 'allAudio', number>> = {};
  for await (const event of context.sensorium.answer(spokenQuestion(context, question), context.signal)) {
    const sinceStart = (nowMs() - startedMs) / 1000;
    if (event.kind === 'part-perceived') seconds.heard = sinceStart;
    if (event.kind === 'text-delta') seconds.firstToken ??= sinceStart;
    if (event.kind === 'text-end' && round < 0) context.log(`  ours: ${event.text}`);
    if (event.kind !== 'speech-chunk') continue;
    seconds.firstAudio ??= sinceStart;
    seconds.allAudio = sinceStart;
  }
  const { heard, firstToken, firstAudio, allAudio } = seconds;
  if (heard === undefined || firstToken === undefined || firstAudio === undefined || allAudio === undefined) {
    throw new Error(`The answer lacks a step: ${JSON.stringify(seconds)}`);
  }
  return { heard, firstToken, firstAudio, allAudio, memory: await residentMiB(process.pid, notOurs) };
}

/**
 * The cascade as people write it: everything is heard, then everything is answered, then everything is spoken. Finding the
 * phonemes is our code's part and costs the peer nothing.
 */
async function sequential(
  question: string | null,
  peer: Peer,
  { recording, tokensOf, log }: BenchContext,
  round: number,
) {
  const heard = await peer.hear(recording.file, recording.language);
  const messages = buildMessages({
    system: null,
    turns: [
      {
        role: 'user',
        content: [
          { kind: 'perceived', perception: transcript(heard.text, recording.language) },
          ...(question === null ? [] : [{ kind: 'text', text: question } as const]),
        ],
      },
    ],
  });
  const answered = await peer.ask(messages, MAX_ANSWER_TOKENS);
  if (round < 0) log(`  Python: ${answered.text}`);
  const spoken = await peer.speak(tokensOf(sentencesOf(answered.text)));
  const hearing = heard.decodeSeconds + heard.seconds;
  const written = hearing + answered.seconds;
  return {
    heard: hearing,
    firstToken: hearing + answered.firstTokenSeconds,
    firstSentence: written + spoken.firstSentenceSeconds,
    allAudio: written + spoken.seconds,
    memory: await residentMiB(peer.pid),
  };
}

/** The peer's words as a transcript, so that both sides' models read the same kind of prompt. */
function transcript(text: string, language: string): Transcript {
  const engine = PEER_NAMES.hear;
  const unknown = { languageSource: null, durationMs: 0, words: [], segments: [] };
  return { part: 'part-1', kind: 'transcript', text, language, engine, ...unknown };
}
