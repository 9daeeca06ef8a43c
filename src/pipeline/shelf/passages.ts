import { type Perception, textGiven } from '#contract/perception.ts';
import type { Passage } from './cut.ts';

/** What a perception has to be found by, in order: segments of a recording with their times, pages of a document, moments of a video. */
export function passagesOf(perception: Perception): Passage[] {
  return passagesIn(perception).filter(({ text }) => text.trim() !== '');
}

function passagesIn(perception: Perception): Passage[] {
  switch (perception.kind) {
    case 'transcript':
      return perception.segments.map(({ text, startMs, endMs }) => passage(text, { fromMs: startMs, toMs: endMs }));
    case 'timeline':
      return perception.moments.map(({ text, startMs, endMs }) => passage(text, { fromMs: startMs, toMs: endMs }));
    case 'document':
      return perception.pages.map(({ text, number }) => passage(text, { page: number }));
    case 'picture':
      return pictureWords(perception);
    case 'plain-text':
      return [passage(perception.text)];
  }
}

/** The writing in a picture and what it shows; a picture without either has no words, whatever a model would be told of it. */
function pictureWords(picture: Extract<Perception, { kind: 'picture' }>): Passage[] {
  const isEmpty = picture.lines.length === 0 && picture.description === null;
  return isEmpty ? [] : [passage(textGiven(picture))];
}

function passage(text: string, more: Partial<Passage> = {}): Passage {
  return { text, fromMs: null, toMs: null, page: null, ...more };
}
