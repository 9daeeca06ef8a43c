import type { Finding } from '#contract/finding.ts';
import type { DoubtfulSpan, Ledger } from '#contract/ledger.ts';
import type { Loss } from '#contract/loss.ts';
import type { Transcript } from '#contract/perception.ts';

type Verdict = Ledger['verdict'];

export interface Evidence {
  readonly language: string;
  readonly findings: readonly Finding[];
  readonly transcripts: readonly Transcript[];
  readonly spans: readonly DoubtfulSpan[];
  readonly losses: readonly Loss[];
}

/** A fifth of the voice without words is more than a pause for breath wrongly taken for speech. */
const POOR_UNCOVERED_RATIO = 0.2;

/** Says in one word and one sentence what probably did not come through, in Chinese or English. */
export function judge(evidence: Evidence): Verdict {
  const say = evidence.language.startsWith('zh') ? chinese : english;
  const dropped = count(evidence.losses, 'media-dropped');
  const doubtful = evidence.spans.length;
  const unheardMs = evidence.transcripts.reduce((sum, one) => sum + unheard(one, evidence), 0);
  const voicedMs = evidence.transcripts.reduce((sum, one) => sum + voiced(one.part, evidence.findings), 0);
  const unmeasured = evidence.transcripts.filter(({ words }) =>
    words.some(({ confidence }) => confidence === null),
  ).length;
  const notSpoken = count(evidence.losses, 'not-spoken') + count(evidence.losses, 'not-pronounced');
  const other = evidence.losses.filter(({ kind }) => !NAMED.has(kind)).length;

  const phrases = [
    dropped > 0 ? say.dropped(dropped) : null,
    unheardMs > 0 ? say.unheard(unheardMs) : null,
    doubtful > 0 ? say.doubtful(doubtful, evidence.spans[0]?.text ?? null) : null,
    other > 0 ? say.other(other) : null,
    notSpoken > 0 ? say.notSpoken(notSpoken) : null,
    unmeasured > 0 ? say.unmeasured : null,
  ].filter((phrase) => phrase !== null);

  const poor = dropped > 0 || (voicedMs > 0 && unheardMs / voicedMs > POOR_UNCOVERED_RATIO);
  const level = poor ? 'poor' : doubtful + other + notSpoken > 0 ? 'caution' : unmeasured > 0 ? 'unknown' : 'ok';
  const headline = phrases.length > 0 ? phrases.join(say.and) + say.stop : say.nothing(evidence.transcripts.length > 0);
  return { level, headline, unknowns: evidence.transcripts.length > 0 ? say.unknowns : [] };
}

// These have a phrase of their own in the headline.
const NAMED: ReadonlySet<Loss['kind']> = new Set([
  'doubtful-word',
  'speech-without-words',
  'media-dropped',
  'not-spoken',
  'not-pronounced',
]);

function count(losses: readonly Loss[], kind: Loss['kind']): number {
  return losses.filter((loss) => loss.kind === kind).length;
}

function voiced(part: string, findings: readonly Finding[]): number {
  const finding = findings.find((one) => one.kind === 'sound' && one.part === part);
  return finding?.kind === 'sound' ? finding.speech.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0) : 0;
}

// What the hearing stage found to be without words; all of the voice when there are no words at all. The bare gaps
// between words and voice (`coverage` in the ledger) also hold breaths and the detector's margins.
function unheard({ part, words }: Transcript, { findings, losses }: Evidence): number {
  if (words.length === 0) return voiced(part, findings);
  const wordless = losses.filter((loss) => loss.kind === 'speech-without-words' && loss.part === part);
  return wordless.reduce((sum, { extent }) => sum + (extent ?? 0), 0);
}

const seconds = (ms: number) => (ms / 1000).toFixed(1);

const english = {
  dropped: (n: number) => `${n} part${n === 1 ? '' : 's'} did not reach the model`,
  unheard: (ms: number) => `${seconds(ms)} s of voice gave no words`,
  doubtful: (n: number, first: string | null) =>
    `${n} word${n === 1 ? '' : 's'} may be misheard${first ? ` (first: “${first}”)` : ''}`,
  other: (n: number) => `${n} other loss${n === 1 ? '' : 'es'} noted`,
  notSpoken: (n: number) => `${n} piece${n === 1 ? '' : 's'} of the answer not spoken`,
  unmeasured: 'the recogniser gave no probabilities',
  and: '; ',
  stop: '.',
  nothing: (heard: boolean): string => (heard ? 'Nothing doubtful was found.' : 'Nothing had to be converted.'),
  unknowns: ['tone, emotion and pauses are not measured', 'word probabilities are not calibrated'],
};

const chinese: typeof english = {
  dropped: (n) => `${n} 个部分没有送达模型`,
  unheard: (ms) => `有 ${seconds(ms)} 秒人声没有听出文字`,
  doubtful: (n, first) => `约 ${n} 处可能听错${first ? `（第一处：“${first}”）` : ''}`,
  other: (n) => `另有 ${n} 项损失`,
  notSpoken: (n) => `回答中有 ${n} 处没有读出`,
  unmeasured: '识别器没有给出概率',
  and: '；',
  stop: '。',
  nothing: (heard) => (heard ? '未发现可疑之处。' : '没有需要转换的内容。'),
  unknowns: ['语气、情感与停顿尚未测量', '词的概率尚未校准'],
};
