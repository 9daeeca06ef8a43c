import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { expect, it } from 'vitest';
import { lossOf } from '#contract/loss.ts';
import { found, ledgerOf, mitigationOf, none, spanOf, within } from '../__fixtures__/ledger.ts';
import { ledgerHtml } from './html.ts';

/** What a parser makes of a fragment: its tags with attributes, and its words. */
function parsed(html: string) {
  const tags: { name: string; attributes: Record<string, string> }[] = [];
  const open: string[] = [];
  let text = '';
  let isBalanced = true;
  const parser = new Parser({
    onopentag: (name, attributes) => {
      tags.push({ name, attributes });
      open.push(name);
    },
    ontext: (words) => {
      text += words;
    },
    onclosetag: (name, implied) => {
      isBalanced &&= !implied && open.pop() === name;
    },
  });
  parser.end(html);
  return { tags, text, isBalanced };
}

const text = '请你在家里照顾好他抚着墙';
const ledger = ledgerOf({
  language: 'zh',
  spans: [spanOf({ start: 9, end: 10 })],
  accuracy: { errorRate: within(0.051, 0.02, 0.09) },
  conversion: { emotion: none(), particleSlotsUnfilled: found(1) },
  losses: ['noisy', 'noisy', 'clipped'].map((kind) =>
    lossOf({ kind: kind as 'noisy', stage: 'probe', message: '<b>' }),
  ),
  mitigations: [mitigationOf(), mitigationOf({ id: 'escalation', applied: false })],
});

it('underlines what is doubtful and says how doubtful, and what it may be', () => {
  const { tags, text: words } = parsed(
    ledgerHtml(ledger, { language: 'zh', texts: [{ part: 'part-1', text, language: 'zh-CN' }] }),
  );
  expect(tags.find(({ name }) => name === 'mark')?.attributes).toMatchObject({
    tabindex: '0',
    title: '有 70% 的可能是错的；可能是：扶',
    'aria-description': '可疑: 有 70% 的可能是错的；可能是：扶',
  });
  expect(tags.find(({ attributes }) => attributes.class === 'loss-ledger-text')?.attributes.lang).toBe('zh-CN');
  expect(words).toContain(text);
  expect(words).toContain(ledger.verdict.headline);
  expect(words).toContain('错字（词）的比例5.1 % (2 % – 9 %)');
  expect(words).toMatch(/噪声大 × 2削波/);
  expect(words).toContain('更正: 提议 4 处，采纳 3 处');
  expect(words).not.toContain('附上原件');
});

it('speaks English too, and leaves out what is not there', () => {
  const { text: words, tags } = parsed(ledgerHtml(ledgerOf(), { language: 'en' }));
  expect(words).toContain('Nothing doubtful was found. ok');
  expect(words).not.toContain('Won back');
  expect(tags[0]?.attributes).toMatchObject({ lang: 'en', 'aria-label': 'Lost' });
});

it('holds whatever is said as words, never as markup', () => {
  const hostile = fc.string({
    unit: fc.constantFrom(...'<>&"\'/= ab\u0000\n', '</mark>', '<script>', '--', 'onclick='),
    maxLength: 20,
  });
  fc.assert(
    fc.property(hostile, hostile, fc.nat(20), (said, other, start) => {
      const length = [...said].length;
      const end = Math.min(length, start + 2);
      const spans =
        start < end
          ? [
              spanOf({
                start,
                end,
                text: [...said].slice(start, end).join(''),
                alternatives: [{ text: other, p: null, by: other }],
              }),
            ]
          : [];
      const html = ledgerHtml(ledgerOf({ spans }), {
        language: 'en',
        texts: [{ part: 'part-1', text: said, language: other }],
      });
      const { tags, text: words, isBalanced } = parsed(html);
      expect(isBalanced).toBe(true);
      expect(words).toContain(said.replaceAll('\u0000', '\ufffd'));
      const allowed = [
        'section',
        'p',
        'strong',
        'span',
        'mark',
        'table',
        'caption',
        'tbody',
        'tr',
        'th',
        'td',
        'ul',
        'li',
      ];
      expect(tags.filter(({ name }) => !allowed.includes(name))).toEqual([]);
      expect(tags.flatMap(({ attributes }) => Object.keys(attributes)).filter((name) => name.startsWith('on'))).toEqual(
        [],
      );
    }),
    { numRuns: 300 },
  );
});
