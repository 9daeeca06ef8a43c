import { expect, it } from 'vitest';
import { perceivingDisplay } from './progress.ts';

it('says how far it has come and how long it may still take, once it takes a while', () => {
  let printed = '';
  let nowMs = 0;
  const err = (text: string) => {
    printed += text;
  };
  const display = perceivingDisplay({ live: true, err }, () => nowMs);
  const pages = (done: number) =>
    display.happened({ kind: 'seeing-moved', part: 'part-1', done, total: 12, unit: 'pages' });
  pages(0);
  nowMs = 1_000;
  pages(1);
  expect(printed).toBe('');
  nowMs = 30_000;
  pages(3);
  expect(printed).toContain('3 of 12 pages, about 1:30 left');
  display.happened({ kind: 'hearing-moved', part: 'part-1', heardMs: 1, durationMs: 9 });
  display.stop();
  expect(printed.endsWith('\r\u001b[K')).toBe(true);
});

it('says nothing where nobody watches', () => {
  let printed = '';
  let nowMs = 0;
  const display = perceivingDisplay({ live: false, err: (text) => (printed += text) }, () => nowMs);
  for (nowMs = 0; nowMs < 60_000; nowMs += 10_000) {
    display.happened({ kind: 'hearing-moved', part: 'part-1', heardMs: nowMs, durationMs: 60_000 });
  }
  display.stop();
  expect(printed).toBe('');
});
