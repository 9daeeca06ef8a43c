import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const root = new URL('..', import.meta.url).pathname;
const pages = ['.', 'docs', 'docs/decisions', 'docs/reference', 'docs/guides', 'bench', 'examples', 'src']
  .flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: folder === 'src', encoding: 'utf8' }).map((name) =>
          join(folder, name),
        )
      : [],
  )
  .filter((name) => name.endsWith('.md'));

it('every link to a file in the documentation leads somewhere', () => {
  const links = pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => ({
      page,
      target: match[1] ?? '',
    })),
  );
  const dead = links.filter(({ page, target }) => !existsSync(join(root, dirname(page), target)));
  console.log(`docs: ${pages.length} pages, ${links.length} links looked at`);
  expect(links.length).toBeGreaterThan(8);
  expect(dead).toEqual([]);
});

it('every npm script that the documentation names exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const named = pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? ''),
  );
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

it('both front pages show the same commands', () => {
  const commands = (page: string) => [...readFileSync(join(root, page), 'utf8').matchAll(/^npm ci .*$/gm)].map(String);
  expect(commands('README.zh.md')).toEqual(commands('README.md'));
  expect(commands('README.md')).toHaveLength(2);
});
