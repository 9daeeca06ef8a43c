import { type Cue, type Perception, type Transcript, textGiven } from '#contract/perception.ts';
import { emotionMarker, type Marker, type MarkerKind, pauseMarker, speakerMarker } from './markers.ts';

/** A stretch of what a model is given: words, or a marker in their midst. */
export type Stretch = { readonly text: string } | { readonly marker: Marker };

/** A marker and where it goes: instead of `length` characters at `start` of the text that is given. */
interface Placed {
  readonly start: number;
  readonly length: number;
  readonly markers: readonly Marker[];
}

/**
 * What was perceived as words with markers in order. The words are all those the text route gives; only marks of how something was
 * said (`[停顿0.8秒]`) become markers, each where it stands, and only where all of a mark can be said by markers of the wanted kinds:
 * one that tells more (pitch, loudness) stays in words. Where nobody asked for marks in the text, pauses and emotions that were
 * measured for the ledger and speakers are put in where they belong, unless the text was mended since.
 */
export function stretchesOf(perception: Perception, wanted: ReadonlySet<MarkerKind>): readonly Stretch[] {
  const given = textGiven(perception);
  if (perception.kind !== 'transcript' || wanted.size === 0) return [{ text: given }];
  const language = isChinese(perception) ? 'zh' : 'en';
  const placed = perception.enriched
    ? markedIn(given, perception, wanted, language)
    : perception.mended
      ? []
      : measuredBeside(perception, wanted, language);
  return cut(given, placed);
}

function markedIn(
  given: string,
  { enriched }: Transcript,
  wanted: ReadonlySet<MarkerKind>,
  language: 'zh' | 'en',
): Placed[] {
  const placed: Placed[] = [];
  let from = 0;
  for (const mark of enriched?.marks ?? []) {
    const start = given.indexOf(mark.written, from);
    // A correction may have changed it: then it stays as it is.
    if (start < 0) continue;
    from = start + mark.written.length;
    const markers = mark.cues.map((cue) => markerOf(cue, language));
    if (markers.every((marker): marker is Marker => marker !== null && wanted.has(marker.kind)))
      placed.push({ start, length: mark.written.length, markers });
  }
  return placed;
}

function measuredBeside(transcript: Transcript, wanted: ReadonlySet<MarkerKind>, language: 'zh' | 'en'): Placed[] {
  const placed: Placed[] = [];
  const characters = [...transcript.text];
  for (const { at, cues } of transcript.tone?.marks ?? []) {
    const start = characters.slice(0, at).join('').length;
    const markers = cues.flatMap((cue) => markerOf(cue, language) ?? []).filter(({ kind }) => wanted.has(kind));
    // Turns come from the segments below, whether or not anybody measured the tone.
    placed.push({ start, length: 0, markers: markers.filter(({ kind }) => kind !== 'speaker') });
  }
  if (wanted.has('speaker')) placed.push(...turns(transcript, language));
  return placed.filter(({ markers }) => markers.length > 0).sort((one, other) => one.start - other.start);
}

function turns({ text, segments }: Transcript, language: 'zh' | 'en'): Placed[] {
  const placed: Placed[] = [];
  let from = 0;
  let before: string | undefined;
  for (const segment of segments) {
    const words = segment.text.trim();
    const start = text.indexOf(words, from);
    if (words === '' || start < 0) continue;
    from = start + words.length;
    if (segment.speaker === undefined || segment.speaker === before) continue;
    before = segment.speaker;
    placed.push({ start, length: 0, markers: [speakerMarker(segment.speaker, language)] });
  }
  return placed;
}

function markerOf({ kind, label, value, unit, probability }: Cue, language: 'zh' | 'en'): Marker | null {
  if (kind === 'pause') return pauseMarker(value === null ? null : unit === 's' ? value * 1000 : value, language);
  if (kind === 'emotion') return emotionMarker(label, probability === null, language);
  return kind === 'speaker' ? speakerMarker(label, language) : null;
}

function cut(text: string, placed: readonly Placed[]): Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  for (const { start, length, markers } of placed) {
    if (start > from) stretches.push({ text: text.slice(from, start) });
    stretches.push(...markers.map((marker) => ({ marker })));
    from = start + length;
  }
  if (from < text.length) stretches.push({ text: text.slice(from) });
  return stretches;
}

const HAN = /\p{Script=Han}/u;

function isChinese({ language, text }: Transcript): boolean {
  return language === null ? HAN.test(text) : /^(?:zh|cmn|yue|wuu|nan|hak|gan|hsn)(?:-|$)/iu.test(language);
}
