import { expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import { assembled } from './assemble.ts';
import type { ReadLine } from './lines.ts';

const NO_RULES = { across: [], down: [] };
const NO_INK = { columns: new Float32Array(200), rows: new Float32Array(48).fill(1) };

function line(text: string, left: number, top: number, more: Partial<ReadLine> = {}): ReadLine {
  const right = left + 100;
  return {
    characters: [...text].map((one, at) => ({
      text: one,
      probability: 0.95,
      step: at,
      from: at,
      to: at,
      x: 20 + at * 8,
    })),
    turn: 0,
    box: [
      [left, top],
      [right, top],
      [right, top + 20],
      [left, top + 20],
    ],
    heightPx: 20,
    stripWidth: 200,
    ink: NO_INK,
    ...more,
  };
}

function read(...lines: ReadLine[]) {
  const losses: Loss[] = [];
  return { ...assembled({ lines, rules: NO_RULES }, 'part-1', (loss) => losses.push(loss)), losses };
}

it('gives lines in order, with where they start and how sure they are', () => {
  const { text, lines, losses } = read(line('二', 0, 60), line('一', 0, 0));
  expect(text).toBe('一\n二');
  expect(lines.map(({ start }) => start)).toEqual([0, 2]);
  expect(lines[0]).toMatchObject({ confidence: 0.95, confidenceSource: 'ctc:pp-ocrv4', direction: 'horizontal' });
  expect(losses).toEqual([]);
});

it('notes what the lines lost', () => {
  const small = line('小', 0, 0, { heightPx: 8 });
  expect(read(small).losses).toMatchObject([{ kind: 'small-print', part: 'part-1', engine: 'pp-ocrv4' }]);
});

it('says that the order is a guess where pieces stand apart or turned', () => {
  const { losses } = read(line('left', 0, 0), line('right', 300, 0), line('below', 0, 40));
  expect(losses).toMatchObject([{ kind: 'layout', extent: 2, certainty: 'estimated' }]);
  const box = [
    [20, 100],
    [20, 200],
    [0, 200],
    [0, 100],
  ] as const;
  const turned = line('down', 0, 0, { turn: 90, box: box as unknown as ReadLine['box'] });
  expect(read(line('level', 0, 0), line('level', 0, 40), turned).losses).toMatchObject([{ kind: 'layout', extent: 1 }]);
});
