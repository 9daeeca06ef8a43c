import type { Loss } from '#contract/loss.ts';
import { type Enriched, isDoubtful, type Perception, type Transcript } from '#contract/perception.ts';
import type { Plan } from '#contract/plan.ts';
import type { Report } from '#contract/report.ts';
import type { Terminal } from './terminal.ts';

/** A transcript with its doubtful words underlined, or marked `[?]` where there are no colours. */
export function markedText({ text, words }: Transcript, { style }: Terminal): string {
  let marked = '';
  let from = 0;
  for (const word of words) {
    const at = text.indexOf(word.text, from);
    if (at < 0) continue;
    marked +=
      text.slice(from, at) +
      (isDoubtful(word)
        ? style.isColorSupported
          ? style.underline(style.yellow(word.text))
          : `${word.text}[?]`
        : word.text);
    from = at + word.text.length;
  }
  return marked + text.slice(from);
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
  return row('Heard', `${markedText(perception, terminal) || 'no words'} ${terminal.style.dim(facts)}`, terminal);
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
export function answerSummary({ ledger, speech, timings, answer, costs }: Report, terminal: Terminal): string {
  const times = [
    timings.perceiveMs === null ? null : `heard in ${seconds(timings.perceiveMs)}`,
    timings.firstTokenMs === null ? null : `first word after ${seconds(timings.firstTokenMs)}`,
    timings.firstAudioMs === null ? null : `first sound after ${seconds(timings.firstAudioMs)}`,
    `all ${seconds(timings.totalMs)}`,
  ].filter((time) => time !== null);
  return [
    '\n',
    row('Lost', `${ledger.verdict.headline} ${terminal.style.dim(`(${ledger.verdict.level})`)}`, terminal),
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
