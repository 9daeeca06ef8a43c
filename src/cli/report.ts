import type { DoubtfulSpan, Ledger } from '#contract/ledger.ts';
import type { Loss } from '#contract/loss.ts';
import { type Enriched, type Perception, type Transcript, textGiven } from '#contract/perception.ts';
import type { Plan } from '#contract/plan.ts';
import type { Report } from '#contract/report.ts';
import { codePoints } from '#kit/code-points.ts';
import { piecesOf } from '#ledger/index.ts';
import type { Terminal } from './terminal.ts';

/** A text with its doubtful places underlined and what else they may be behind them: `抚(扶?)`; where there are no colours and nothing else is known, `抚[?]`. */
export function markedText(text: string, spans: readonly DoubtfulSpan[], terminal: Terminal): string {
  return piecesOf(text, spans)
    .map((piece) => marked(piece.text, piece.span, terminal))
    .join('');
}

function marked(text: string, span: DoubtfulSpan | null, { style }: Terminal): string {
  if (span === null) return text;
  const shown = style.isColorSupported ? style.underline(style.yellow(text)) : text;
  const other = span.alternatives[0]?.text;
  if (other) return `${shown}${style.dim(`(${oneLine(other)}?)`)}`;
  return style.isColorSupported ? shown : `${shown}[?]`;
}

/** What a recording says, without the marks of how it was said, doubtful places marked. */
export function heardText(transcript: Transcript, spans: readonly DoubtfulSpan[], terminal: Terminal): string {
  return markedText(transcript.text, withoutTone(spans, transcript.enriched), terminal);
}

// Spans are placed in the text the model is given, which has the marks in it.
function withoutTone(spans: readonly DoubtfulSpan[], enriched: Enriched | undefined): readonly DoubtfulSpan[] {
  const places = (enriched?.marks ?? []).map(({ at, written }) => ({ at, length: codePoints(written) }));
  const plain = (place: number) => {
    let before = 0;
    for (const { at, length } of places) if (at + before + length <= place) before += length;
    return place - before;
  };
  return spans.map((span) => ({ ...span, start: plain(span.start), end: plain(span.start) + span.end - span.start }));
}

/** The words once more, with how they were said between them. */
export function toneLine({ text }: Enriched, terminal: Terminal): string {
  return row('Tone', terminal.style.dim(text), terminal);
}

/** One line on what was heard or read. */
export function heardLine(perception: Perception, terminal: Terminal): string {
  if (perception.kind === 'timeline') {
    const { framesSeen, durationMs, text } = perception;
    return row('Watched', `${seconds(durationMs)}, ${framesSeen} frames, ${text.length} characters`, terminal);
  }
  if (perception.kind === 'document') {
    return row('Read', `${perception.pages.length} pages, ${perception.text.length} characters`, terminal);
  }
  if (perception.kind === 'picture') return row('Seen', oneLine(perception.text), terminal);
  if (perception.kind === 'plain-text') return row('Read', `${perception.text.length} characters`, terminal);
  const facts = `(${perception.language ?? 'language unknown'}, ${seconds(perception.durationMs)})`;
  return row('Heard', `${perception.text || 'no words'} ${terminal.style.dim(facts)}`, terminal);
}

const SHOWN_CHARACTERS = 200;

function oneLine(text: string): string {
  const line = [...text.replaceAll(/\s+/gu, ' ').trim()];
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS).join('')}…` : line.join('');
}

/** Which way each part goes, and why. */
export function routeLines(plan: Plan, terminal: Terminal, language: 'en' | 'zh' = 'en'): string {
  return plan.map(({ explanation }) => row('Route', explanation[language], terminal)).join('');
}

/** What comes after the answer: what was lost, where the speech is, how long it took. */
export function answerSummary(
  { ledger, perceptions, speech, timings, answer, costs }: Report,
  terminal: Terminal,
): string {
  const times = [
    timings.perceiveMs === null ? null : `heard in ${seconds(timings.perceiveMs)}`,
    timings.firstTokenMs === null ? null : `first word after ${seconds(timings.firstTokenMs)}`,
    timings.firstAudioMs === null ? null : `first sound after ${seconds(timings.firstAudioMs)}`,
    `all ${seconds(timings.totalMs)}`,
  ].filter((time) => time !== null);
  return [
    '\n',
    lostLine(ledger, terminal),
    ...perceptions.map((perception) => doubtLine(perception, ledger.spans, terminal)),
    lossLines(ledger.losses, terminal),
    ledger.verdict.unknowns.length > 0 ? row('Unknown', ledger.verdict.unknowns.join(' · '), terminal) : '',
    speech
      ? row(
          'Spoken',
          `${speech.path ?? 'streamed'} ${terminal.style.dim(`(${seconds(speech.durationMs)}, ${speech.voice})`)}`,
          terminal,
        )
      : '',
    costLine(costs, terminal),
    row('Took', `${times.join(' · ')} ${terminal.style.dim(`(${answer.model})`)}`, terminal),
  ].join('');
}

const SHOWN_PLACES = 8;
/** How much of the text around a doubtful place is shown on each side, in code points. */
const AROUND = 12;

/** The doubtful places of a text as the model was given it, the likeliest errors, each with some of what stands around it. */
function doubtLine(perception: Perception, spans: readonly DoubtfulSpan[], terminal: Terminal): string {
  const own = spans.filter(({ part, start, end }) => part === perception.part && end > start);
  const worst = [...own].sort((a, b) => b.pError - a.pError).slice(0, SHOWN_PLACES);
  const pieces = piecesOf(textGiven(perception), worst);
  if (pieces.every(({ span }) => span === null)) return '';
  const shown = pieces.map(({ text, span }, at) => {
    if (span !== null) return marked(oneLine(text), span, terminal);
    const points = [...text.replaceAll(/\s+/gu, ' ')];
    const [tail, head] = [at > 0, at < pieces.length - 1].map((isBeside) => (isBeside ? AROUND : 0));
    if (points.length <= (tail ?? 0) + (head ?? 0)) return points.join('');
    return `${points.slice(0, tail).join('')}…${head ? points.slice(-head).join('') : ''}`;
  });
  const more = own.length > worst.length ? terminal.style.dim(` and ${own.length - worst.length} more`) : '';
  return row('Doubt', `${shown.join('')}${more}`, terminal);
}

/** The one sentence on what was lost, and how far the text can be trusted. */
export function lostLine({ verdict }: Pick<Ledger, 'verdict'>, terminal: Terminal): string {
  return row('Lost', `${verdict.headline} ${terminal.style.dim(`(${verdict.level})`)}`, terminal);
}

/** What was paid elsewhere, where something was. */
function costLine(costs: Report['costs'], terminal: Terminal): string {
  const known = costs.flatMap(({ engine, amount, currency, priceDate }) =>
    amount ? [`${engine} ${amount.toFixed(6)} ${currency} ${terminal.style.dim(`(prices of ${priceDate})`)}`] : [],
  );
  const unknown = costs.flatMap(({ engine, amount }) => (amount === null ? [engine] : []));
  if (unknown.length > 0) known.push(terminal.style.dim(`unknown for ${unknown.join(', ')}: no prices are configured`));
  return known.length === 0 ? '' : row('Cost', known.join(' · '), terminal);
}

const SHOWN = 8;

/** The losses as a short list for people; beyond eight they are counted. */
export function lossLines(losses: readonly Loss[], { style }: Terminal): string {
  const lines = losses.slice(0, SHOWN).map(({ message, time, action }) => {
    const when = time ? `${seconds(time.startMs)}–${seconds(time.endMs)} ` : '';
    return `        ${style.dim('·')} ${when}${message}${action ? style.dim(` ${action}`) : ''}\n`;
  });
  if (losses.length > SHOWN)
    lines.push(`        ${style.dim(`… and ${losses.length - SHOWN} more (--json lists all)`)}\n`);
  return lines.join('');
}

function row(label: string, text: string, { style }: Terminal): string {
  return `${style.bold(label.padEnd(7))} ${text}\n`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
