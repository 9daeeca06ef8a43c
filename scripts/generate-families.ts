// Writes docs/reference/families.md from the cells that test/families proves, one test each.
import { writeFileSync } from 'node:fs';
import { CELLS, type Cell, titleOf } from '../test/families/cells.ts';

const ROUTE: Readonly<Record<Cell['route'], string>> = {
  native: 'native',
  frames: 'native, as frames',
  text: 'text',
  embedding: 'embedding',
  none: '–',
  speech: 'speech service',
};

function rowOf(cell: Cell): string {
  const by = cell.hearWith ? ` with \`${cell.hearWith}\`` : cell.voice ? ` with \`${cell.voice}\`` : '';
  return `| ${cell.family} | ${cell.what} | ${ROUTE[cell.route]}${by} | \`${cell.endpoint}\` | \`${cell.model}\` |`;
}

export function renderFamilies(): string {
  return `# Families: what goes in, by which route, where

Generated from \`test/families/cells.ts\` by \`npm run generate\`. Each row is one test of \`test/families/families.test.ts\`
(\`npx vitest run --project fast test/families\`): the medium goes through the whole path to the vendor's conformance server, which checks what it is
sent. No vendor was reached; \`sensorium models probe MODEL\` asks a live one.

| family | what | route | endpoint | model |
|---|---|---|---|---|
${CELLS.map(rowOf).join('\n')}

${new Set(CELLS.map(titleOf)).size} tests. Setting up each family: [guides](../guides/).
`;
}

if (import.meta.url === `file://${process.argv[1]}`) {
  writeFileSync(new URL('../docs/reference/families.md', import.meta.url), renderFamilies());
  console.log(`families: ${CELLS.length} cells written`);
}
