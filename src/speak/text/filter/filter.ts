import { blockAt, lineAt } from './block.ts';
import { inlineAt } from './inline.ts';
import type { Dropped, Skip, Step } from './step.ts';

export type { Dropped } from './step.ts';

export interface Filtered {
  readonly text: string;
  readonly dropped: readonly Dropped[];
}

export interface SpeechFilter {
  /** Takes more Markdown and gives the words that are certain, and what was left out. */
  push(text: string): Filtered;
  /** Gives the rest. Nothing may be pushed afterwards. */
  end(): Filtered;
}

/**
 * Makes a streaming filter from Markdown to what a voice can say. Markers are held back until they are understood. Lines
 * stay lines, so that headings and list items become sentences of their own; runs of blanks become one. The result depends
 * on the text alone, never on how it was chunked.
 */
export function createSpeechFilter(): SpeechFilter {
  let buffer = '';
  let at = 0;
  let previous = '';
  let lineStart = true;
  let ended = false;
  let skip: Skip | null = null;
  let skipped = ''; // the source of what is being skipped
  let said = '';
  let blank = false; // a blank is owed before the next word
  let lastSaid = '\n';
  let justDropped = false;
  let newlines = 2;
  let dropped: Dropped[] = [];

  const emit = (words: string) => {
    for (const character of words) {
      if (character === '\n') {
        blank = false;
        if (newlines < 2) said += '\n';
        newlines += 1;
        lastSaid = '\n';
      } else if (/\s/u.test(character)) {
        blank = lastSaid !== '\n';
      } else {
        if (blank && !(justDropped && /[,.!?;:)\]，。！？；：）]/u.test(character))) said += ' ';
        blank = false;
        justDropped = false;
        newlines = 0;
        said += character;
        lastSaid = character;
      }
    }
  };

  const take = (step: Exclude<Step, 'wait'>) => {
    if (step.next > at) previous = buffer[step.next - 1] ?? '';
    emit(step.say);
    if (step.dropped) {
      dropped.push(...step.dropped);
      justDropped = true;
    }
    lineStart = step.lineStart ?? step.say === '\n';
    at = step.next;
    skip = step.skip ?? null;
    skipped = '';
  };

  const finishSkip = (what: Dropped['what']) => {
    dropped.push({ what, text: skipped });
    justDropped = true;
    skip = null;
    skipped = '';
  };

  /** Goes on inside something that is skipped; `false` when it needs more text. */
  const skipOn = (state: Skip): boolean => {
    if (state.kind === 'until') return skipUntil(state);
    const line = lineAt({ text: buffer, at, ended });
    if (line === null) return false;
    if (state.kind === 'table' && !line.trimStart().startsWith('|')) {
      finishSkip('table');
      lineStart = true;
      return true;
    }
    at = Math.min(buffer.length, at + line.length + 1);
    previous = '\n';
    lineStart = true;
    const closed = state.kind === 'fence' && closesFence(line, state.mark);
    if (!closed) skipped += `${line}\n`;
    if (closed || (ended && at === buffer.length)) finishSkip(state.kind === 'table' ? 'table' : 'code-block');
    return true;
  };

  const skipUntil = (state: Skip & { kind: 'until' }): boolean => {
    const end = buffer.indexOf(state.closer, at);
    const stop = end >= 0 ? end : ended ? buffer.length : Math.max(at, buffer.length - state.closer.length + 1);
    skipped += buffer.slice(at, stop);
    at = stop;
    if (end < 0 && !ended) return false;
    at = Math.min(buffer.length, stop + state.closer.length);
    previous = '>';
    finishSkip(state.what);
    return true;
  };

  const run = () => {
    while (at < buffer.length || (ended && skip !== null)) {
      if (skip !== null) {
        if (!skipOn(skip)) return;
        continue;
      }
      const character = buffer[at] ?? '';
      if (character === '\n') {
        take({ next: at + 1, say: '\n', lineStart: true });
        continue;
      }
      if (lineStart && (character === ' ' || character === '\t')) {
        at += 1;
        continue;
      }
      const place = { text: buffer, at, previous: lineStart ? '' : previous, ended };
      const step = (lineStart ? blockAt(place) : null) ?? inlineAt(place);
      if (step === 'wait') return;
      take(step);
    }
  };

  const given = (): Filtered => {
    const result = { text: said, dropped };
    said = '';
    dropped = [];
    buffer = buffer.slice(at);
    at = 0;
    return result;
  };

  return {
    push(text) {
      buffer += text.replaceAll('\r', '');
      run();
      return given();
    },
    end() {
      ended = true;
      run();
      return given();
    },
  };
}

function closesFence(line: string, mark: string): boolean {
  const text = line.trim();
  return text.length >= mark.length && text === (mark[0] ?? '').repeat(text.length);
}
