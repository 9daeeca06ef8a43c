import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameOf, inFrame, isTurned } from './frame.ts';
import type { Item } from './item.ts';
import { layOut } from './layout.ts';

const H = 20;
const item = (text: string, left: number, top: number, more: Partial<Item> = {}): Omit<Item, 'line'> => ({
  text,
  left,
  top,
  right: left + text.length * 10,
  bottom: top + H,
  vertical: false,
  ...more,
});
const page = (...items: Omit<Item, 'line'>[]): Item[] => items.map((one, line) => ({ line, ...one }));
const laid = (...items: Omit<Item, 'line'>[]) => layOut(page(...items)).text;

const LONG = 'a line of some length';

describe('layOut', () => {
  it('reads columns one after the other, headings across them first', () => {
    const left = [0, 1, 2].map((at) => item(`${LONG} L${at}`, 0, 60 + at * 30));
    const right = [0, 1, 2].map((at) => item(`${LONG} R${at}`, 300, 60 + at * 30));
    const heading = item('A heading that stands across both of the columns', 20, 0);
    const footer = item('and a footer that also stands across both of them', 10, 200);
    const text = laid(...right, footer, ...left, heading);
    const order = ['heading', 'L0', 'L1', 'L2', 'R0', 'R1', 'R2', 'footer'].map((word) => text.indexOf(word));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order[0]).toBeGreaterThanOrEqual(0);
    expect(text).toContain(`${LONG} L0\n${LONG} L1`);
    expect(text).toContain(`${LONG} L2\n\n${LONG} R0`);
  });

  it('keeps aligned short pieces as a table', () => {
    const cells = [
      ['Item', 'Price'],
      ['Tea', '3|4'],
      ['Rice', '10'],
    ].flatMap((row, at) => row.map((text, column) => item(text, column * 200, at * 40)));
    expect(laid(...cells)).toBe('| Item | Price |\n| --- | --- |\n| Tea | 3\\|4 |\n| Rice | 10 |');
  });

  it('takes no table for less than two rows and two columns, and says that the order is a guess', () => {
    const { text, unsure } = layOut(page(item('left', 0, 0), item('right', 300, 0), item(LONG, 0, 40)));
    expect(text).toContain('left right');
    expect(unsure).toEqual([0, 1]);
    expect(layOut(page(item('left', 0, 0), item(LONG, 0, 30))).unsure).toEqual([]);
  });

  it('keeps ruled tables, with empty cells and cells of several lines', () => {
    const rules = {
      across: [0, 50, 120].map((at) => ({ at, from: 0, to: 400 })),
      down: [0, 200, 400].map((at) => ({ at, from: 0, to: 120 })),
    };
    const items = page(
      item('name', 10, 10),
      item('说', 210, 10),
      item('and', 10, 60),
      item('more', 10, 90),
      item('明', 210, 60),
    );
    expect(layOut(items, rules).text).toBe('| name | 说 |\n| --- | --- |\n| and more | 明 |');
  });

  it('begins paragraphs where there is more white or another size', () => {
    const body = [0, 30, 60, 120].map((top) => item(LONG, 0, top));
    expect(laid(...body).split('\n\n')).toHaveLength(2);
    expect(laid(item('Title', 0, 0, { bottom: 40 }), item(LONG, 0, 45)).split('\n\n')).toEqual(['Title', LONG]);
  });

  it('reads columns of upright characters from right to left', () => {
    const upright = (text: string, left: number) =>
      item(text, left, 0, { right: left + 30, bottom: 200, vertical: true });
    expect(laid(upright('三', 0), upright('二', 80), upright('一', 160))).toBe('一\n二\n三');
  });

  it('loses no line and points to each, whatever stands where', () => {
    const any = fc.record({
      text: fc.constantFrom('一二三', 'word', LONG, 'x'),
      left: fc.nat(500),
      top: fc.nat(500),
      width: fc.integer({ min: 1, max: 300 }),
      height: fc.integer({ min: 1, max: 60 }),
      vertical: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 25 }), (drawn) => {
        const items = drawn.map(({ text, left, top, width, height, vertical }, line) => ({
          ...{ line, text, left, top, right: left + width, bottom: top + height, vertical },
        }));
        const { text, starts } = layOut(items);
        expect(starts.map(({ line }) => line).sort((a, b) => a - b)).toEqual(items.map(({ line }) => line));
        const points = [...text];
        for (const { line, start } of starts) {
          const own = [...(items[line]?.text ?? '')];
          expect(points.slice(start, start + own.length)).toEqual(own);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('frameOf', () => {
  // A box whose text begins at its first corner and runs in a direction of so many degrees.
  const line = (text: string, degrees: number, x = 0, y = 0) => {
    const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const at = (along: number, across: number) => [x + along * c - across * s, y + along * s + across * c] as const;
    return { text, vertical: false, box: [at(0, 0), at(100, 0), at(100, H), at(0, H)] };
  };

  it.each([0, 90, 180, 270])('finds out that a page is turned by %s degrees', (degrees) => {
    const lines = [line('first', degrees, 0, 0), line('second', degrees, ...turned(0, 40, degrees))];
    const frame = frameOf(lines);
    expect(frame).toEqual({ quarters: degrees / 90, tilt: 0 });
    expect(layOut(inFrame(lines, frame)).text).toBe('first\nsecond');
    expect(isTurned(line('odd', degrees + 90), frame)).toBe(true);
    expect(isTurned(line('even', degrees), frame)).toBe(false);
  });

  it('straightens a tilted page', () => {
    const frame = frameOf([line('first', 4), line('second', 4)]);
    expect(frame.quarters).toBe(0);
    expect(frame.tilt).toBeCloseTo((4 * Math.PI) / 180, 3);
    const [level] = inFrame([line('first', 4)], frame);
    expect((level?.bottom ?? 0) - (level?.top ?? 0)).toBeCloseTo(H, 3);
  });
});

function turned(x: number, y: number, degrees: number): [number, number] {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return [x * c - y * s, x * s + y * c];
}
