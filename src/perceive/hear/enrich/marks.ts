import type { SoundFinding } from '#contract/finding.ts';
import type { Cue, Enriched, Mark, Transcript } from '#contract/perception.ts';
import { type Clause, clausesOf } from './clauses.ts';
import { clauseMark, isSpeakerNumber, looksMarked, turnMark, withMarks } from './grammar.ts';
import { type Measures, measuresOf } from './measures.ts';
import { mannerCues, pauseCue } from './noticed.ts';
import type { Frames } from './prosody/frames.ts';
import { isClear, type Quality, qualityOf } from './quality.ts';
import { silencesIn } from './silence.ts';
import { toldCues } from './told.ts';
import { emotionName, eventName, type Manner, type MarkLanguage, mannerName, pauseName } from './vocabulary.ts';

/**
 * Writes into a transcript how it was said. What the sound is too poor to tell is not told, and `withheld` says why; who speaks and what else
 * was heard come from the recogniser and stay.
 */
export function marksFor(transcript: Transcript, frames: Frames, finding: SoundFinding): Enriched {
  const { text } = transcript;
  if (looksMarked(text)) {
    return { text, marks: [], withheld: 'the words themselves have in them what looks like a mark' };
  }
  const quality = qualityOf(frames, finding);
  const trusted = quality.withheld === null;
  const clauses = clausesOf(transcript, trusted && quality.silencesTold ? silencesIn(frames, quality.silentDb) : []);
  const measured = clauses.map((clause) =>
    trusted && isClear(frames, clause) ? measuresOf(clause, frames, quality.silentDb) : null,
  );
  const manner = bySpeaker(clauses, measured);
  const several = new Set(clauses.map(({ segment }) => segment.speaker).filter(isNumber)).size > 1;
  const marks: Mark[] = [];
  let speaking: string | undefined;
  clauses.forEach((clause, at) => {
    const language = languageOf(clause, transcript);
    const { speaker } = clause.segment;
    if (several && isNumber(speaker) && speaker !== speaking) marks.push(turn(clause, speaker, language));
    speaking = speaker ?? speaking;
    const next = clauses[at + 1]?.segment.speaker;
    const pause = pauseCue(clause, next !== undefined && next !== speaker);
    const told = toldCues(clause).filter(({ kind }) => trusted || kind === 'event');
    const mark = written(clause, [...(pause ? [pause] : []), ...(manner[at] ?? []), ...told], language);
    if (mark) marks.push(mark);
  });
  return {
    text: withMarks(text, marks),
    marks,
    withheld: clauses.length === 0 ? null : reasonsOf(quality, measured),
  };
}

function isNumber(speaker: string | undefined): speaker is string {
  return speaker !== undefined && isSpeakerNumber(speaker);
}

// Every speaker is compared with themselves only.
function bySpeaker(clauses: readonly Clause[], measured: readonly (Measures | null)[]): Cue[][] {
  const cues = clauses.map((): Cue[] => []);
  for (const speaker of new Set(clauses.map(({ segment }) => segment.speaker))) {
    const places = clauses.flatMap(({ segment }, at) => (segment.speaker === speaker ? [at] : []));
    const theirs = places.flatMap((at) => {
      const clause = clauses[at];
      return clause ? [{ clause, measured: measured[at] ?? null }] : [];
    });
    mannerCues(theirs).forEach((found, at) => {
      cues[places[at] ?? -1] = found;
    });
  }
  return cues;
}

function turn(clause: Clause, speaker: string, language: MarkLanguage): Mark {
  const cue: Cue = {
    kind: 'speaker',
    label: speaker,
    value: null,
    unit: null,
    strength: null,
    probability: null,
    source: 'speaker-turns',
  };
  const { begin, startMs, endMs } = clause;
  return { at: begin, written: turnMark(speaker, language), time: { startMs, endMs }, cues: [cue] };
}

function written(clause: Clause, cues: readonly Cue[], language: MarkLanguage): Mark | null {
  const named = cues.flatMap((cue) => {
    const name = nameOf(cue, language);
    return name === null ? [] : [{ cue, name }];
  });
  if (named.length === 0) return null;
  const pauses = named.some(({ cue }) => cue.kind === 'pause');
  return {
    at: clause.at,
    written: clauseMark([...new Set(named.map(({ name }) => name))], language),
    time: { startMs: clause.startMs, endMs: pauses && clause.pause ? clause.pause.endMs : clause.endMs },
    cues: named.map(({ cue }) => cue),
  };
}

function nameOf({ kind, label, value, probability }: Cue, language: MarkLanguage): string | null {
  if (kind === 'pause') return pauseName(value ?? 0, language);
  if (kind === 'emotion') return emotionName(label, probability === null, language);
  if (kind === 'event') return eventName(label, probability === null, language);
  return mannerName(label as Manner, language);
}

const CHINESE = /^(?:zh|cmn|yue|wuu|nan|hak|gan|hsn)(?:-|$)/iu;

function languageOf({ segment, text }: Clause, { language }: Transcript): MarkLanguage {
  const tag = segment.language ?? language;
  if (tag) return CHINESE.test(tag) ? 'zh' : 'en';
  return /\p{Script=Han}/u.test(text) && !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text) ? 'zh' : 'en';
}

function reasonsOf({ withheld, silencesTold, snrDb }: Quality, measured: readonly (Measures | null)[]): string | null {
  if (withheld !== null) return withheld;
  const reasons: string[] = [];
  if (!silencesTold) reasons.push(`pauses are not measured at ${Math.round(snrDb ?? 0)} dB over the noise`);
  const unclear = measured.filter((measures) => measures === null).length;
  if (unclear > 0) reasons.push(`in ${unclear} of ${measured.length} clauses the sound is too noisy or overdriven`);
  return reasons.length > 0 ? reasons.join('; ') : null;
}
