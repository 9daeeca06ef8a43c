import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { normaliseForSpeech } from './normalise.ts';

/** Case, punctuation, blanks, hyphens and "and" are style; 〇 and 零 are one word. */
const comparable = (text: string) =>
  text
    .toLowerCase()
    .replaceAll('〇', '零')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .replace(/\band\b/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();

// The lowest share of rows that must come out as NeMo-text-processing's own tests have them.
test.each([
  ['en', 0.95],
  ['zh', 0.96],
] as const)('NeMo test cases, %s', (language, least) => {
  const path = `../shared/data/text/normalise-${language}.tsv`;
  if (!existsSync(path)) {
    console.log(`SKIPPED: normalise-${language} needs ${path}, which is absent; 0 rows were compared.`);
    return;
  }
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .slice(1)
    .filter((row) => row !== '')
    .map((row) => row.split('\t'));
  const classes = new Map<string, { right: number; all: number }>();
  const misses: string[] = [];
  for (const [kind = '', written = '', spoken = ''] of rows) {
    const count = classes.get(kind) ?? { right: 0, all: 0 };
    classes.set(kind, count);
    count.all += 1;
    const { text } = normaliseForSpeech(written, { language });
    if (comparable(text) === comparable(spoken)) count.right += 1;
    else misses.push(`  ${kind}: ${written}\n    wanted ${spoken}\n    got    ${text}`);
  }
  const right = rows.length - misses.length;
  const table = [...classes].map(([kind, count]) => `${kind.padEnd(24)}${count.right}/${count.all}`);
  console.log([`normalise-${language}: ${right}/${rows.length} rows`, ...table, ...misses].join('\n'));
  expect(rows.length).toBeGreaterThan(100);
  expect(right / rows.length).toBeGreaterThanOrEqual(least);
});
