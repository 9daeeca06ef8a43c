import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Table {
  folders: Record<string, string[]>;
  packages: Record<string, string[]>;
  doors: string[];
}

const root = new URL('..', import.meta.url).pathname;
const table: Table = JSON.parse(readFileSync(join(root, 'architecture.json'), 'utf8'));

interface Import {
  file: string;
  folder: string;
  specifier: string;
}

/** What one import breaks, in a sentence that teaches, or `null`. */
function slip({ file, folder, specifier }: Import, rules: Table): string | null {
  const allowed = rules.folders[folder];
  if (!allowed) return `${folder} is not in architecture.json.`;
  if (specifier.startsWith('.')) {
    const target = posix.normalize(posix.join(posix.dirname(file), specifier)).split('/')[0];
    return folder !== 'index.ts' && target !== folder ? `write #${target}/… when an import leaves its folder.` : null;
  }
  if (specifier.startsWith('#')) {
    const [target = '', ...rest] = specifier.slice(1).split('/');
    if (target !== folder && !allowed.includes(target)) {
      return `${folder} may not import ${target}. Stages meet in pipeline/; see ARCHITECTURE.md.`;
    }
    if (rules.doors.includes(target) && rest.join('/') !== 'index.ts')
      return `enter ${target} by its door, #${target}/index.ts.`;
    return null;
  }
  const name = specifier.startsWith('@')
    ? specifier.split('/').slice(0, 2).join('/')
    : specifier.replace(/^(?!node:)([^/]+)\/.*/, '$1');
  if (folder === 'contract' && name.startsWith('node:')) return 'contract knows no Node modules.';
  const only = rules.packages[name];
  return only && !only.includes(folder) ? `only ${only.join(' and ')} may name ${name}.` : null;
}

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)['"]([^'"]+)['"]/g;

function importsOf(file: string, text: string): Import[] {
  const folder = file.split('/')[0] ?? file;
  return [...text.matchAll(IMPORT)].map((match) => ({ file, folder, specifier: match[1] ?? '' }));
}

// A test may look further than the code it tests: several stages meet in some, and exams and fakes are for everyone.
const isTest = (file: string) =>
  file.endsWith('.test.ts') || file.includes('__fixtures__') || file.endsWith('conformance.ts');

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(sep).join('/'))
  .filter((file) => file.endsWith('.ts'));

describe('architecture', () => {
  it('every import keeps to the table', () => {
    const imports = files
      .filter((file) => !isTest(file))
      .flatMap((file) => importsOf(file, readFileSync(join(root, 'src', file), 'utf8')));
    const slips = imports.flatMap((one) => {
      const why = slip(one, table);
      return why ? [`src/${one.file} imports ${one.specifier}: ${why}`] : [];
    });
    console.log(`architecture: ${files.length} files, ${imports.length} imports looked at, ${slips.length} slips`);
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(100);
    expect(slips).toEqual([]);
  });

  it.each([
    ['perceive/hear/hear.ts', '#speak/index.ts', 'may not import speak'],
    ['plan/plan.ts', '../ledger/ledger.ts', 'write #ledger'],
    ['pipeline/answer.ts', '#speak/wav.ts', 'by its door'],
    ['ask/index.ts', 'node-llama-cpp', 'only runtime'],
    ['ask/index.ts', 'onnxruntime-node/x', 'only runtime'],
    ['contract/media.ts', 'node:fs', 'no Node modules'],
    ['contract/media.ts', '#kit/ids.ts', 'may not import kit'],
    ['cellar/x.ts', 'zod', 'not in architecture.json'],
  ])('catches %s importing %s', (file, specifier, why) => {
    expect(slip({ file, folder: file.split('/')[0] ?? '', specifier }, table)).toContain(why);
  });

  it('sees static, type-only, side-effect and dynamic imports', () => {
    const text =
      "import a from './a.ts';\nimport type { B } from '#b/b.ts';\nimport './c.ts';\nconst d = await import('d');\nexport * from './e.ts';";
    expect(importsOf('kit/x.ts', text).map(({ specifier }) => specifier)).toEqual([
      './a.ts',
      '#b/b.ts',
      './c.ts',
      'd',
      './e.ts',
    ]);
  });

  it('every stage tells its story', () => {
    const stages = ['media', 'probe', 'plan', 'perceive', 'embed', 'ask', 'speak', 'ledger'];
    const untold = stages.filter(
      (stage) => !readFileSync(join(root, 'src', stage, 'README.md'), 'utf8').includes('**In:**'),
    );
    expect(untold).toEqual([]);
  });
});
