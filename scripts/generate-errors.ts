// Writes docs/reference/errors.md from the table of error codes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { type Blame, ERROR_CODES } from '#contract/error.ts';

const WHO: Record<Blame, string> = {
  caller: 'you, the caller',
  operator: 'whoever runs this installation',
  upstream: 'a service or source outside',
  us: 'we; please report it',
};
const EXIT: Record<Blame, number> = { us: 1, caller: 2, operator: 3, upstream: 3 };

export function renderErrors(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, { blame, retryable }]) =>
      `| \`${code}\` | ${WHO[blame]} | ${retryable ? 'yes' : 'no'} | ${code === 'kit.cancelled' ? 130 : EXIT[blame]} |`,
  );
  return `# Error codes

Generated from \`src/contract/error.ts\` by \`npm run generate\`. Every error is one line with its code and the next thing
to do; \`--verbose\` adds the stack.

| code | who can act | worth retrying | exit code |
|---|---|---|---|
${rows.join('\n')}
`;
}

if (import.meta.url === `file://${process.argv[1]}`) {
  mkdirSync(new URL('../docs/reference/', import.meta.url), { recursive: true });
  writeFileSync(new URL('../docs/reference/errors.md', import.meta.url), renderErrors());
  console.log(`errors: ${Object.keys(ERROR_CODES).length} written`);
}
