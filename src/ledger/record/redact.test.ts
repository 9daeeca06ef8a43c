import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type DoubtfulSpan, Ledger } from '#contract/ledger.ts';
import { Loss } from '#contract/loss.ts';
import { codePoints } from '#kit/code-points.ts';
import { ledgerOf, mitigationOf, rareOf, spanOf } from '../__fixtures__/ledger.ts';
import { redact } from './redact.ts';
import { validateLedger } from './validate.ts';

// Characters that are nowhere else in a ledger, of one, two and four bytes.
const said = fc.string({ unit: fc.constantFrom(...'ßþøæ抚扶浮𬬱𡋾𠮷ЖЩ'), minLength: 2, maxLength: 24 });
const classes: readonly DoubtfulSpan['class'][] = ['word', 'character', 'homophone', 'rare-character', 'hallucination'];

/** A ledger of a text that quotes it wherever a ledger can. */
function quoting(text: string) {
  const length = codePoints(text);
  const quote = `It heard “${text}” and 「${text}」 and ${text}.`;
  return ledgerOf({
    language: /\p{Script=Han}/u.test(text) ? 'zh' : 'en',
    routes: [
      {
        ...{ part: 'part-1', chosen: 'text' },
        considered: [{ route: 'text', expectedQuality: null, costUsd: null, reason: quote }],
      },
    ],
    spans: classes.map((kind, at) =>
      spanOf({
        class: kind,
        start: at,
        end: at + length,
        text,
        alternatives: [{ text, p: null, by: `same-sound:${text}` }],
      }),
    ),
    model: { rare: [...text].map((character) => rareOf(character)) },
    losses: Loss.shape.kind.options.map((kind) => ({
      ...{ kind, stage: 'perceive', part: 'part-1', engine: 'ears', time: { startMs: 1, endMs: 2 }, text, extent: 3 },
      ...{ unit: 'words', certainty: 'measured', message: quote, action: quote, before: text, after: quote },
    })),
    mitigations: [mitigationOf({ note: quote }), mitigationOf({ id: 'gloss', note: text })],
  });
}

it('leaves no two characters of what was said, wherever they were', () => {
  fc.assert(
    fc.property(said, (text) => {
      const ledger = quoting(text);
      const points = [...text];
      const pairs = points.slice(1).map((point, at) => `${points[at]}${point}`);
      const before = JSON.stringify(ledger);
      for (const pair of pairs) expect(before).toContain(pair);
      const bare = redact(ledger);
      const after = JSON.stringify(bare);
      for (const pair of pairs) expect(after).not.toContain(pair);
      for (const point of new Set(points)) if (!/[说听]/u.test(point)) expect(after).not.toContain(point);
    }),
    { numRuns: 200 },
  );
});

it('keeps places, figures, kinds and counts, is a ledger still, and stays as it is the second time', () => {
  const ledger = quoting('抚𬬱扶');
  const bare = redact(ledger);
  expect(Ledger.parse(bare)).toEqual(bare);
  expect(validateLedger(bare)).toEqual([]);
  expect(redact(bare)).toEqual(bare);
  expect(bare.verdict.level).toBe(ledger.verdict.level);
  expect(bare.loss.accuracy).toEqual(ledger.loss.accuracy);
  expect(bare.losses.map(({ kind, extent, time }) => [kind, extent, time])).toEqual(
    ledger.losses.map(({ kind, extent, time }) => [kind, extent, time]),
  );
  expect(bare.spans.map(({ start, end, pError }) => [start, end, pError])).toEqual(
    ledger.spans.map(({ start, end, pError }) => [start, end, pError]),
  );
  expect(bare.mitigations[0]).toMatchObject({ editsProposed: 4, editsAccepted: 3, refused: { 'other-sound': 1 } });
});

it('says the headline again without quotes, in the same language', () => {
  const zh = ledgerOf({ language: 'zh', spans: [spanOf()], model: { rare: [rareOf('𬬱')] } });
  expect(redact(zh).verdict.headline).toBe('约 1 处可能听错（第 12 字）；有 1 个生僻字模型未必认识。');
  const en = ledgerOf({ language: 'en', spans: [spanOf()], model: { rare: [rareOf('𬬱')] } });
  expect(redact(en).verdict.headline).toBe(
    'About 1 place may be misheard (character 12); the model may not know 1 rare character.',
  );
});
