import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSpeechFilter, type Dropped } from './filter.ts';
import { notSpoken } from './not-spoken.ts';

function filter(chunks: readonly string[]): { text: string; dropped: Dropped[] } {
  const speech = createSpeechFilter();
  const parts = [...chunks.map((chunk) => speech.push(chunk)), speech.end()];
  return { text: parts.map((part) => part.text).join(''), dropped: parts.flatMap((part) => part.dropped) };
}
const spoken = (markdown: string) => filter([markdown]).text;
const kinds = (markdown: string) => filter([markdown]).dropped.map((item) => item.what);

describe('what is said', () => {
  test.each([
    ['# Title\n\nSome **bold** and *soft* text.', 'Title\n\nSome bold and soft text.'],
    ['## Title ##\nText', 'Title\nText'],
    ['Heading\n===\nText\n\n---\nMore', 'Heading\n\nText\n\nMore'],
    ['- milk\n- [x] bread\n  * butter\n+ jam', 'milk\nbread\nbutter\njam'],
    ['1. Open\n2. Close', '1. Open\n2. Close'],
    ['> quoted\n> text', 'quoted\ntext'],
    ['-5 degrees\n*really* cold', '-5 degrees\nreally cold'],
    ['Run `npm install` and read `user_id` or call `foo()`.', 'Run npm install and read user id or call foo.'],
    ['2 * 3 = 6 and 2*3 and snake_case and __init__', '2 * 3 = 6 and 2*3 and snake_case and init'],
    ['***both*** and ~~gone~~ and 3~5', 'both and gone and 3~5'],
    ['See [the docs](https://a.com/x_(y)?z=1 "Title") now.', 'See the docs now.'],
    ['See [**bold** link][ref].\n\n[ref]: https://a.com', 'See bold link.\n\n'],
    ['Go to https://www.example.com/a/b?c=1.', 'Go to example.com.'],
    ['(see https://example.com/a) and www.test.org!', '(see example.com) and test.org!'],
    ['请看https://example.com/a?b=1。谢谢', '请看example.com。谢谢'],
    ['<https://a.com/b> or <me@a.com>', 'a.com or me@a.com'],
    ['It is true.[1] Sure [2, 3].', 'It is true. Sure.'],
    ['Noted[^1].\n\n[^1]: A note', 'Noted.\n\n'],
    ['是的【3†source】。《书》【注】', '是的。《书》【注】'],
    ['an array [a, b] and [x] here', 'an array [a, b] and [x] here'],
    ['Great 🎉! Yes 👍🏽 👩‍👩‍👧 done 🇨🇳🇫🇷.', 'Great! Yes done.'],
    ['Step 1️⃣ © 2026 ™ → x', 'Step 1 © 2026 ™ → x'],
    ['It costs $5 and $10, or $9.99 per $x$.', 'It costs $5 and $10, or $9.99 per x.'],
    ['So $E = mc^2$ and \\(a\\) and \\[x = \\frac{1}{2}\\] hold.', 'So and a and hold.'],
    ['H<sub>2</sub>O<br>a < b, 3 <4 and <b class="x">fat</b>', 'H2O\na < b, 3 <4 and fat'],
    ['AT&amp;T &lt;3 R&D&nbsp;x', 'AT&T <3 R&D x'],
    ['a \\* b \\_ c', 'a * b _ c'],
    ['Before\n```js\nlet x;\n```\nAfter', 'Before\nAfter'],
    ['Before\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nAfter', 'Before\n\nAfter'],
    ['<think>Let me see.</think>Yes.', 'Yes.'],
    ['你好 **世界**，见[文档](http://x.y/z)。', '你好 世界，见文档。'],
    ['an unclosed `tick and **bold', 'an unclosed tick and bold'],
    ['~~~\ncode without end', ''],
    ['  a   b\t c\n\n\n\nd', 'a b c\n\nd'],
  ])('%j', (markdown, words) => {
    expect(spoken(markdown)).toBe(words);
  });

  test('words come as soon as they are certain', () => {
    const speech = createSpeechFilter();
    expect(speech.push('Hello wor').text).toBe('Hello wor');
    expect(speech.push('ld **now').text).toBe('ld now');
    expect(speech.push(' [li').text).toBe('');
    expect(speech.push('nk](x) yes').text).toBe(' link yes');
  });
});

describe('what is reported', () => {
  test.each([
    ['```js\nlet x;\n```\n\n```\ny\n```', ['code-block', 'code-block']],
    ['- item\n  ```sh\n  ls\n  ```\n- next', ['code-block']],
    ['| a |\n|---|\n\ntext\n| b |', ['table', 'table']],
    ['[a](b) https://c.d/e ![f](g) `x => y`', ['link', 'link', 'image', 'inline-code']],
    ['https://c.d', []],
    ['🎉 👩‍👩‍👧 [1] $$x^2$$', ['emoji', 'emoji', 'citation', 'math']],
    ['<video src="x"></video> <b>x</b> <!-- y -->', ['html', 'html', 'html']],
    ['<think>\nhm\n</think> <script>x</script>', ['reasoning', 'html']],
  ])('%j', (markdown, expected) => {
    expect(kinds(markdown)).toEqual(expected);
  });

  test('a code block is reported with its code, even when it never closes', () => {
    expect(filter(['```js\nlet x;\nlet y;\n```']).dropped).toEqual([{ what: 'code-block', text: 'let x;\nlet y;\n' }]);
    expect(filter(['```js\nlet x;']).dropped).toEqual([{ what: 'code-block', text: 'let x;\n' }]);
  });

  test('losses: one for each block, one count for each other kind', () => {
    const { dropped } = filter(['```\na\nb\n```\n```\nc\n```\n🎉🎉 [a](b) 🎉\n| x |\n|---|\n| 1 |']);
    expect(notSpoken(dropped).map(({ message, extent, unit }) => [message, extent, unit])).toEqual([
      ['A code block (2 lines) was not read aloud.', 2, 'lines'],
      ['A code block (1 line) was not read aloud.', 1, 'lines'],
      ['A table (2 rows) was not read aloud.', 2, 'rows'],
      ['The address of a link was not read aloud.', 1, 'links'],
      ['3 emoji were not read aloud.', 3, 'emoji'],
    ]);
  });
});

describe('properties', () => {
  const part = fc.constantFrom(
    ...[
      '**',
      '*',
      '_',
      '__',
      '~~',
      '~',
      '`',
      '``',
      '```',
      '```js\n',
      '~~~',
      '[',
      ']',
      '](',
      '(',
      ')',
      '![',
      '[1]',
      '[^a]',
      ']:',
      '【1†s】',
      '【',
    ],
    ...[
      'https://a.b/c?d',
      'http',
      'www.x.y',
      '<b>',
      '<',
      '>',
      '</',
      '<think>',
      '</think>',
      '<!--',
      '-->',
      '<br/>',
      '$',
      '$$',
      '\\(',
      '\\)',
      '\\',
    ],
    ...['# ', '#', '- ', '-', '---', '> ', '1. ', '+ ', '* ', '|', '| a |', '===', '&amp;', '&', ';', '[x] ', '[ ]'],
    ...[
      'word',
      '你好',
      '。',
      ' ',
      '\n',
      '\n\n',
      '\r\n',
      '5',
      '!',
      '.',
      '👍🏽',
      '👩‍👩‍👧',
      '🇨🇳',
      '\ufe0f',
      '\ud800',
      '\u200d',
      '©',
      'h',
      'w',
    ],
  );
  const markdown = fc.array(part, { maxLength: 50 }).map((parts) => parts.join(''));

  test('the result does not depend on how the text was chunked', () => {
    fc.assert(
      fc.property(markdown, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (whole, sizes) => {
        const chunks: string[] = [];
        for (let at = 0; at < whole.length; ) {
          const size = sizes.next().value ?? 1;
          chunks.push(whole.slice(at, at + size));
          at += size;
        }
        const expected = filter([whole]);
        expect(filter(chunks)).toEqual(expected);
        expect(filter(whole.split(''))).toEqual(expected);
      }),
      { numRuns: 5000 },
    );
  });

  test('plain words pass unchanged', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('word', '你好', 'Hi', '3.5', 'co-op'), { minLength: 1 }), (words) => {
        expect(filter([words.join(' ')])).toEqual({ text: words.join(' '), dropped: [] });
      }),
    );
  });
});
