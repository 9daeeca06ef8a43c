import { expect, it } from 'vitest';
import { alternate } from './alternate.ts';
import { summarise } from './summary.ts';
import { formatTable } from './table.ts';

it('takes the middle run, or the middle of the two middle ones', () => {
  expect(summarise('hear', { name: 'time', unit: 's', ours: [3, 1, 2] }).ours).toMatchObject({
    median: 2,
    min: 1,
    max: 3,
  });
  expect(summarise('hear', { name: 'time', unit: 's', ours: [4, 1, 2, 9] }).ours.median).toBe(3);
});

it('divides our median by the peer’s', () => {
  const figure = { name: 'time', unit: 's', ours: [1, 2, 3], peer: { name: 'other', values: [4, 4, 4] } };
  expect(summarise('hear', figure)).toMatchObject({ ratio: 0.5, peer: { name: 'other', median: 4 } });
});

it.each([[[]], [[1, Number.NaN]]])('refuses a figure that measured %j', (values) => {
  const peer = { name: 'other', values };
  expect(() => summarise('hear', { name: 'time', unit: 's', ours: values })).toThrow(/measured/);
  expect(() => summarise('hear', { name: 'time', unit: 's', ours: [1], peer })).toThrow(/other measured/);
});

it('runs the sides in turn and leaves the warm-up out', async () => {
  const order: string[] = [];
  const side = (name: string) => async (round: number) => {
    order.push(`${name}${round}`);
    return { seconds: round };
  };
  const { ours, peer } = await alternate(2, side('a'), side('b'));
  expect(order).toEqual(['a-1', 'b-1', 'a0', 'b0', 'a1', 'b1']);
  expect(ours.seconds).toEqual([0, 1]);
  expect(peer?.seconds).toEqual([0, 1]);
});

it('has no peer where none was given', async () => {
  const { peer } = await alternate(1, async () => ({ seconds: 1 }));
  expect(peer).toBeUndefined();
});

it('prints every row, aligned', () => {
  const rows = [
    summarise('hear', { name: 'time', unit: 's', ours: [1.5], peer: { name: 'other', values: [3] }, goal: '≤ 0.9' }),
    summarise('event-loop', { name: 'delay p99', unit: 'ms', ours: [120] }),
  ];
  const lines = formatTable(rows).split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[2]).toMatch(/hear .*1\.500 \(1\.500–1\.500\).*3\.000.*other.*0\.50.*≤ 0\.9/);
  expect(lines[3]).toMatch(/event-loop .*120 \(120–120\).*–/);
});
