import type { Finding } from '#contract/finding.ts';
import type { DoubtfulSpan, Ledger } from '#contract/ledger.ts';
import type { Loss } from '#contract/loss.ts';
import type { Perception, Transcript } from '#contract/perception.ts';

type Verdict = Ledger['verdict'];

export interface Evidence {
  readonly language: string;
  readonly findings: readonly Finding[];
  readonly perceptions: readonly Perception[];
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
  const misheard = evidence.spans.filter((span) => span.class !== 'character');
  const misread = evidence.spans.filter((span) => span.class === 'character');
  const undescribed = count(evidence.losses, 'not-described');
  const blank = evidence.perceptions.filter(isBlank).length;
  const unheardMs = evidence.transcripts.reduce((sum, one) => sum + unheard(one, evidence), 0);
  const voicedMs = evidence.transcripts.reduce((sum, one) => sum + voiced(one.part, evidence.findings), 0);
  const unmeasured = evidence.transcripts.filter(({ words }) =>
    words.some(({ confidence }) => confidence === null),
  ).length;
  const notSpoken = count(evidence.losses, 'not-spoken') + count(evidence.losses, 'not-pronounced');
  const other = evidence.losses.filter(({ kind }) => !NAMED.has(kind)).length;

  const phrases = [
    dropped > 0 ? say.dropped(dropped) : null,
    blank > 0 ? say.blank(blank) : null,
    unheardMs > 0 ? say.unheard(unheardMs) : null,
    misheard.length > 0 ? say.misheard(misheard.length, misheard[0]?.text ?? null) : null,
    misread.length > 0 ? say.misread(misread.length, misread[0]?.text ?? null) : null,
    undescribed > 0 ? say.undescribed : null,
    other > 0 ? say.other(other) : null,
    notSpoken > 0 ? say.notSpoken(notSpoken) : null,
    unmeasured > 0 ? say.unmeasured : null,
  ].filter((phrase) => phrase !== null);

  const poor = dropped + blank > 0 || (voicedMs > 0 && unheardMs / voicedMs > POOR_UNCOVERED_RATIO);
  const level = poor
    ? 'poor'
    : evidence.spans.length + undescribed + other + notSpoken > 0
      ? 'caution'
      : unmeasured > 0
        ? 'unknown'
        : 'ok';
  const headline =
    phrases.length > 0
      ? phrases.join(say.and) + say.stop
      : say.nothing(evidence.perceptions.some(({ kind }) => kind !== 'plain-text'));
  return { level, headline, unknowns: unknownsOf(evidence, say) };
}

/** A picture of which neither writing nor what it shows was told. */
function isBlank(perception: Perception): boolean {
  return perception.kind === 'picture' && perception.lines.length === 0 && perception.description === null;
}

function unknownsOf({ transcripts, perceptions }: Evidence, say: typeof english): string[] {
  const hasTone = transcripts.every(({ enriched }) => enriched !== undefined && enriched.withheld === null);
  const wasRead = perceptions.some(({ kind }) => kind === 'picture' || kind === 'document' || kind === 'timeline');
  return [
    ...(transcripts.length > 0 && !hasTone ? [say.tone] : []),
    ...(transcripts.length > 0 ? [say.words] : []),
    ...(wasRead ? [say.characters] : []),
  ];
}

// These have a phrase of their own in the headline.
const NAMED: ReadonlySet<Loss['kind']> = new Set([
  'doubtful-word',
  'doubtful-character',
  'not-described',
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
  blank: (n: number) => `nothing of ${n} picture${n === 1 ? '' : 's'} came through`,
  unheard: (ms: number) => `${seconds(ms)} s of voice gave no words`,
  misheard: (n: number, first: string | null) =>
    `${n} word${n === 1 ? '' : 's'} may be misheard${first ? ` (first: “${first}”)` : ''}`,
  misread: (n: number, first: string | null) =>
    `${n} place${n === 1 ? '' : 's'} may be misread${first ? ` (first: “${first}”)` : ''}`,
  undescribed: 'what the pictures show was not told',
  other: (n: number) => `${n} other loss${n === 1 ? '' : 'es'} noted`,
  notSpoken: (n: number) => `${n} piece${n === 1 ? '' : 's'} of the answer not spoken`,
  unmeasured: 'the recogniser gave no probabilities',
  and: '; ',
  stop: '.',
  nothing: (heard: boolean): string => (heard ? 'Nothing doubtful was found.' : 'Nothing had to be converted.'),
  tone: 'tone, emotion and pauses are not measured',
  words: 'word probabilities are not calibrated',
  characters: 'character probabilities are not calibrated',
};

const chinese: typeof english = {
  dropped: (n) => `${n} 个部分没有送达模型`,
  blank: (n) => `${n} 张图片什么也没有传达`,
  unheard: (ms) => `有 ${seconds(ms)} 秒人声没有听出文字`,
  misheard: (n, first) => `约 ${n} 处可能听错${first ? `（第一处：“${first}”）` : ''}`,
  misread: (n, first) => `约 ${n} 处可能读错${first ? `（第一处：“${first}”）` : ''}`,
  undescribed: '画面内容没有描述',
  other: (n) => `另有 ${n} 项损失`,
  notSpoken: (n) => `回答中有 ${n} 处没有读出`,
  unmeasured: '识别器没有给出概率',
  and: '；',
  stop: '。',
  nothing: (heard) => (heard ? '未发现可疑之处。' : '没有需要转换的内容。'),
  tone: '语气、情感与停顿尚未测量',
  words: '词的概率尚未校准',
  characters: '字符的概率尚未校准',
};
