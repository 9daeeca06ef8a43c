import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dictated } from './wpgs.ts';

const result = (sn: number, text: string, rg?: readonly [number, number]) => ({
  sn,
  pgs: rg ? 'rpl' : 'apd',
  ...(rg ? { rg } : {}),
  ws: [{ bg: 0, cw: [{ w: text, sc: 0 }] }],
});

function textOf(results: readonly object[]): string {
  const text = dictated();
  for (const one of results) text.take(one as Record<string, unknown>);
  return text.text;
}

describe('dictated', () => {
  it('I4: shows the worked case as the vendor does', () => {
    const steps = [
      result(1, '今天'),
      result(2, '天七'),
      result(3, '天气', [2, 2]),
      result(4, '今天天气', [1, 3]),
      result(5, '。'),
    ];
    expect(steps.map((_, at) => textOf(steps.slice(0, at + 1)))).toEqual([
      '今天',
      '今天天七',
      '今天天气',
      '今天天气',
      '今天天气。',
    ]);
  });

  it('reads the first of several readings of each word, and pieces without corrections', () => {
    const ws = [{ cw: [{ w: '北京' }, { w: '背景' }] }, { cw: [{ w: '好' }] }, { cw: [] }, {}];
    expect(
      textOf([
        { sn: 1, ws },
        { sn: 2, ws: [{ cw: [{ w: '！' }] }] },
      ]),
    ).toBe('北京好！');
  });

  it('makes nothing of what is no result', () => {
    expect(textOf([{}, { sn: 'x', ws: [] }, { sn: 1, pgs: 'rpl', rg: null, ws: null }, { sn: 2, pgs: 'rpl' }])).toBe(
      '',
    );
  });

  it('does not count up to where a range may end', () => {
    expect(textOf([result(1, '早'), result(2, '晚', [0, Number.MAX_SAFE_INTEGER])])).toBe('晚');
  });

  it('shows, after any corrections, what a list of pieces in their places would', () => {
    const step = fc.record({ word: fc.string({ maxLength: 4 }), back: fc.nat({ max: 6 }), width: fc.nat({ max: 4 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const shown: (string | null)[] = [null];
        const results = steps.map(({ word, back, width }, at) => {
          const sn = at + 1;
          const from = sn - back;
          const to = Math.min(from + width, sn - 1);
          const replaces = back > 0 && from >= 1;
          if (replaces) for (let place = from; place <= to; place++) shown[place] = null;
          shown[sn] = word;
          return result(sn, word, replaces ? [from, to] : undefined);
        });
        expect(textOf(results)).toBe(shown.map((piece) => piece ?? '').join(''));
      }),
    );
  });

  it('shows the same whatever order pieces without corrections come in', () => {
    const words = fc.array(fc.string({ maxLength: 4 }), { maxLength: 12 });
    fc.assert(
      fc.property(
        words.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray([...list.keys()], { minLength: list.length })),
        ),
        ([list, order]) => {
          expect(textOf(order.map((at) => result(at + 1, list[at] ?? '')))).toBe(list.join(''));
        },
      ),
    );
  });
});
