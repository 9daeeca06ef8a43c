import type { Measured } from '#contract/ledger.ts';
import type { Cue, Enriched, Labelled, Segment, Transcript } from '#contract/perception.ts';
import { countedIn } from '#words/index.ts';
import { measured, unmeasured } from '../unmeasured.ts';

/** What of a voice was heard and not told. */
export interface VoiceLoss {
  readonly prosody: Measured;
  readonly questionIntonation: Measured;
  readonly emotion: Measured;
  readonly events: Measured;
  readonly cueSurprise: Measured;
}

const NOTHING_HEARD = 'Nothing was heard.';
const NOT_MEASURED = 'How it was said was not measured.';
/** These are of how words are said; a speaker, a feeling or a sound beside them is something else. */
const MANNER: ReadonlySet<Cue['kind']> = new Set(['pause', 'pitch', 'final-pitch', 'rate', 'loudness', 'lengthening']);
/** Calm speech is what a text implies. */
const NOTHING_MUCH: ReadonlySet<string> = new Set(['neutral', 'unknown', 'other', 'speech', '']);

/** Counts the cues of the voice that the text does not imply and the model was not told. */
export function voiceLoss(transcripts: readonly Transcript[]): VoiceLoss {
  return {
    prosody: prosodyOf(transcripts),
    questionIntonation: questionsOf(transcripts),
    emotion: emotionOf(transcripts),
    events: eventsOf(transcripts),
    cueSurprise: unmeasured(
      transcripts.length === 0
        ? NOTHING_HEARD
        : 'Nobody has measured how often a text is said with such a cue: that takes labelled conversation.',
    ),
  };
}

function prosodyOf(transcripts: readonly Transcript[]): Measured {
  if (transcripts.length === 0) return unmeasured(NOTHING_HEARD);
  const untold = transcripts.flatMap((one) => (one.enriched ? [] : untoldCues(one))).length;
  const gap = transcripts.map(withheldIn).find((reason) => reason !== null);
  // What could not be measured may hold more, and a smaller figure must not come of hearing less.
  if (gap !== undefined && gap !== null) return unmeasured(untold > 0 ? `At least ${untold}: ${gap}` : gap);
  return measured(untold, 'prosody');
}

function withheldIn({ enriched, tone, segments }: Transcript): string | null {
  const heard = enriched ?? tone;
  if (heard === undefined) return segments.length === 0 ? null : NOT_MEASURED;
  return heard.withheld === null ? null : `Not all of it was measured: ${heard.withheld}.`;
}

function untoldCues({ tone }: Transcript): Cue[] {
  if (!tone) return [];
  const plain = plainCharacters(tone);
  return tone.marks.flatMap(({ at, cues }) => cues.filter((cue) => !isImplied(cue, plain, at)));
}

// A reader pauses at punctuation and lets the voice fall where a sentence ends.
function isImplied({ kind, label }: Cue, plain: readonly string[], at: number): boolean {
  if (!MANNER.has(kind)) return true;
  const before = plain[at - 1] ?? '';
  if (kind === 'pause') return /\p{P}/u.test(before) || at >= plain.length;
  return kind === 'final-pitch' && (label === 'falling' ? /[.。!！…]/u : /[?？]/u).test(before);
}

// Marks stand at places of the plain text, which is the marked one without them.
function plainCharacters({ text, marks }: Enriched): string[] {
  const characters = [...text];
  const plain: string[] = [];
  let from = 0;
  for (const { at, written } of marks) {
    const end = from + at - plain.length;
    plain.push(...characters.slice(from, end));
    from = end + [...written].length;
  }
  return [...plain, ...characters.slice(from)];
}

/** Words that ask, in the two languages whose sentences are looked through. */
const ASKING_ZH =
  /[吗嗎么麼呢吧]|什么|什麼|谁|誰|哪|怎|几|幾|多少|多久|为何|為何|是不是|有没有|要不要|能不能|可不可以|行不行|好不好|对不对/u;
const ASKING_EN =
  /^\W*(?:and |but |so |well,? )?(?:who|whom|whose|what|when|where|which|why|how|do|does|did|is|are|am|was|were|has|have|had|can|could|will|would|shall|should|may|might)\b|\b(?:isn't|aren't|wasn't|don't|doesn't|didn't|won't|can't) (?:it|he|she|they|we|you|i)\W*$|\bright\W*$/iu;

function questionsOf(transcripts: readonly Transcript[]): Measured {
  if (transcripts.length === 0) return unmeasured(NOTHING_HEARD);
  const gap = transcripts.map(withheldIn).find((reason) => reason !== null);
  if (gap !== undefined && gap !== null) return unmeasured(gap);
  const rising = transcripts.flatMap(risesWithoutAsking).length;
  return unmeasured(
    rising === 0
      ? 'No sentence whose words ask nothing ends with a rise; a question may be asked without one.'
      : `${rising} ${rising === 1 ? 'sentence ends' : 'sentences end'} with a rise although the words ask nothing; how often that is a question has not been measured (none of three was).`,
  );
}

/** The sentences that end with a rise of the voice, though neither a mark, nor a word, nor a particle of theirs asks. */
export function risesWithoutAsking({ enriched, tone, language }: Transcript): string[] {
  const heard = enriched ?? tone;
  if (!heard) return [];
  const plain = plainCharacters(heard);
  const rises = heard.marks.filter(({ cues }) =>
    cues.some(({ kind, label }) => kind === 'final-pitch' && label === 'ends-high'),
  );
  return rises.flatMap(({ at }) => {
    const sentence = plain.slice(beginning(plain, at), at).join('').trim();
    const asks = countedIn(language).particles && /\p{Script=Han}/u.test(sentence) ? ASKING_ZH : ASKING_EN;
    return /[?？]/u.test(sentence) || asks.test(sentence) ? [] : [sentence];
  });
}

// A sentence begins after the stop before its own.
function beginning(plain: readonly string[], end: number): number {
  let at = end;
  while (at > 0 && /[\p{P}\s]/u.test(plain[at - 1] ?? '')) at--;
  while (at > 0 && !/[.。!！?？…\n]/u.test(plain[at - 1] ?? '')) at--;
  return at;
}

// How many stretches were said with a feeling that the model was not told, by the recogniser's own probabilities.
function emotionOf(transcripts: readonly Transcript[]): Measured {
  return untoldOf(transcripts, 'emotion', { one: 'feeling', many: 'feelings' }, ({ emotion }) => emotion && [emotion]);
}

// The same of what is heard beside the words: laughter, applause, music.
function eventsOf(transcripts: readonly Transcript[]): Measured {
  return untoldOf(
    transcripts,
    'event',
    { one: 'sound beside the words', many: 'sounds beside the words' },
    ({ events }) => events,
  );
}

function untoldOf(
  transcripts: readonly Transcript[],
  kind: Cue['kind'],
  { one, many }: { readonly one: string; readonly many: string },
  named: (segment: Segment) => readonly Labelled[] | undefined,
): Measured {
  if (transcripts.length === 0) return unmeasured(NOTHING_HEARD);
  const segments = transcripts.flatMap((heard) =>
    heard.segments.map((segment) => ({ labels: named(segment), told: isTold(heard, segment, kind) })),
  );
  const looked = segments.filter(({ labels }) => labels !== undefined);
  if (looked.length < segments.length || looked.length === 0) {
    return unmeasured(
      looked.length === 0 ? `No recogniser here names ${many}.` : `A ${one} was looked for in some of it only.`,
    );
  }
  const labels = looked.flatMap(({ labels = [] }) => labels);
  const untold = looked
    .flatMap(({ labels = [], told }) => (told ? [] : labels))
    .filter(({ label }) => !NOTHING_MUCH.has(label.trim().toLowerCase()));
  const source = labels[0]?.source ?? 'recogniser';
  if (untold.some(({ probability }) => probability === null)) {
    return unmeasured(
      `${source} names a ${one} ${untold.length} times that the model was not told, and no probability of it.`,
    );
  }
  return measured(
    untold.reduce((sum, { probability }) => sum + (probability ?? 0), 0),
    source,
  );
}

function isTold({ enriched }: Transcript, { startMs, endMs }: Segment, kind: Cue['kind']): boolean {
  return (enriched?.marks ?? []).some(
    ({ time, cues }) => time.startMs < endMs && time.endMs > startMs && cues.some((cue) => cue.kind === kind),
  );
}
