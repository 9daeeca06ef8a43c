import { describe, expect, it } from 'vitest';
import { withoutMarks } from './spoken-text.ts';

function read(pieces: readonly string[]): { text: string; thought: string } {
  const spoken = withoutMarks();
  let [text, thought] = ['', ''];
  for (const piece of pieces) {
    text += spoken.push(piece);
    thought += spoken.thought();
  }
  text += spoken.end();
  return { text, thought: thought + spoken.thought() };
}

const WHOLE = '<think>一二三 🙂</think>\n答案：<|begin_of_box|>3 < 4 <| 🙂<|end_of_box|>。<';

describe('withoutMarks', () => {
  it('parts thoughts and takes out the marks, however the text is cut (G5)', () => {
    const expected = { text: '答案：3 < 4 <| 🙂。<', thought: '一二三 🙂' };
    expect(read([WHOLE])).toEqual(expected);
    expect(read([...WHOLE])).toEqual(expected);
    for (let at = 1; at < WHOLE.length; at++) expect(read([WHOLE.slice(0, at), WHOLE.slice(at)])).toEqual(expected);
  });

  it('holds back only what may become a mark', () => {
    const spoken = withoutMarks();
    expect(spoken.push('3 <')).toBe('3 ');
    expect(spoken.push('|begin')).toBe('');
    expect(spoken.push('s')).toBe('<|begins');
    expect(spoken.push('<|end_of_bo')).toBe('');
    expect(spoken.end()).toBe('<|end_of_bo');
  });
});
