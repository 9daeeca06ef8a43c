import { expect, it } from 'vitest';
import { formatEmbeddingEvaluation } from './table.ts';

it('prints figures in storeys, lists as tables, and what nobody measured as that', () => {
  const figures = {
    gate: { 'a-model': { hostileRefused: 500, share: 0.12345, tiny: 2.6e-7, missing: null } },
    retrieval: {
      engines: [
        { engine: 'lancedb', p95Ms: 4.25 },
        { engine: 'sqlite', p95Ms: 40 },
      ],
    },
  };
  expect(formatEmbeddingEvaluation(figures).split('\n')).toEqual([
    'gate',
    '  a-model',
    '    hostileRefused  500',
    '    share  0.123',
    '    tiny  2.6e-7',
    '    missing  not measured',
    'retrieval',
    '  engines',
    '    engine   p95Ms',
    '    lancedb  4.25',
    '    sqlite   40',
    '',
  ]);
});
