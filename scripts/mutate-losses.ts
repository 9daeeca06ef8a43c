/**
 * Takes away, one at a time, each place in src/ that notes a loss, and runs the tests around it: each must turn one red.
 * Prints every place that no test misses and exits with 1 if there is any. `--models` also tries the places that only
 * real models reach; paths after it limit the search to them. The places are shared out among `SHARES` processes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { createVitest, parseAst, type TestSpecification, type Vitest } from 'vitest/node';

const ROOT = resolve(import.meta.dirname, '..');

/** Files that only real models reach, and the tests that do it with them. */
const MODELS: Readonly<Record<string, readonly string[]>> = {
  'src/perceive/hear/engines/moonshine/engine.ts': [
    'src/perceive/hear/engines/moonshine/engine.models.test.ts',
    'src/perceive/hear/hear.models.test.ts',
  ],
  'src/perceive/hear/engines/whisper/engine.ts': ['src/perceive/hear/engines/whisper/whisper.models.test.ts'],
  'src/speak/engines/kokoro/engine.ts': ['src/speak/engines/kokoro/kokoro.models.test.ts'],
  'src/ask/dialects/local-llama/engine.ts': ['src/ask/local-options.models.test.ts'],
};

/** A piece of source that notes a loss, and what stands there when it is taken away. */
interface Place {
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly without: string;
  readonly text: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** The name a function is called by, and what stands before it: `trip.context.note` gives `note` and `trip.context`. */
function calledBy(call: Node, source: string): { name: string; on: string } {
  const callee = call.callee as Node;
  if (callee.type === 'Identifier') return { name: String(callee.name), on: '' };
  const { object, property } = callee as unknown as { object?: Node; property?: Node };
  return { name: String(property?.name ?? ''), on: object ? source.slice(object.start, object.end) : '' };
}

/** What to put in place of a node so that its loss is not noted; `null` for all other nodes. */
function withoutLoss(node: Node, source: string): string | null {
  if (node.type === 'YieldExpression')
    return /^yield lossOf\(/.test(source.slice(node.start, node.end)) ? 'undefined' : null;
  if (node.type !== 'CallExpression') return null;
  const { name, on } = calledBy(node, source);
  if (name === 'note') return on.endsWith('pace') ? null : 'undefined';
  if (name === 'push') return /loss|lost|leftOut/i.test(on) ? 'undefined' : null;
  return /^\(\{ kind: 'loss-noted'/.test(source.slice((node.callee as Node).end, node.end)) ? 'undefined' : null;
}

function placesIn(file: string): Place[] {
  const source = readFileSync(join(ROOT, file), 'utf8');
  const found: Place[] = [];
  const take = ({ start, end }: Node, without: string) => {
    const before = source.slice(0, start);
    const text = source.slice(start, end).replaceAll(/\s+/g, ' ').slice(0, 90);
    found.push({ file, line: before.split('\n').length, start, end, without, text });
  };
  const visit = (node: Node) => {
    const without = withoutLoss(node, source);
    if (without !== null) return take(node, without);
    // A loss that is handed back beside something else.
    const value = node.type === 'Property' ? (node.value as Node) : null;
    if (value?.type === 'CallExpression' && calledBy(value, source).name === 'lossOf') return take(value, 'null');
    for (const field of Object.values(node)) {
      for (const child of Array.isArray(field) ? field : [field]) if (isNode(child)) visit(child);
    }
  };
  visit(parseAst(source, { lang: 'ts' }) as unknown as Node);
  return found;
}

function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => name.endsWith('.ts'));
}

const isTest = (file: string) => file.endsWith('.test.ts');
const isSource = (file: string) =>
  !isTest(file) && !/__fixtures__|(?:^|\/)(?:conformance|fake)\.ts$/.test(file) && !file.startsWith('src/contract/');

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)'([^']+)'/g;

/** For each test how many imports lie between it and a file; tests that do not reach it are left out. */
function testsNear(file: string, importers: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const near = new Map<string, number>();
  const steps = new Map([[file, 0]]);
  for (const [at, step] of steps) {
    if (isTest(at)) near.set(at, step);
    for (const importer of importers.get(at) ?? []) if (!steps.has(importer)) steps.set(importer, step + 1);
  }
  return near;
}

function importersOf(files: readonly string[]): Map<string, string[]> {
  const importers = new Map<string, string[]>();
  for (const file of files) {
    for (const [, specifier = ''] of readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)) {
      if (!/^[#.]/.test(specifier)) continue;
      const target = specifier.startsWith('#')
        ? `src/${specifier.slice(1)}`
        : relative(ROOT, resolve(ROOT, dirname(file), specifier));
      importers.set(target, [...(importers.get(target) ?? []), file]);
    }
  }
  return importers;
}

/** Every place is in the code at once, each behind a switch: nothing has to be compiled anew for the next one. */
function switches(places: readonly Place[]) {
  return {
    name: 'losses-behind-switches',
    enforce: 'pre' as const,
    transform(code: string, id: string) {
      const file = relative(ROOT, id.split('?', 1)[0] ?? id);
      const here = places.filter((place) => place.file === file).sort((a, b) => b.start - a.start);
      let changed = code;
      for (const place of here) {
        const { start, end, without } = place;
        const off = `process.env.LOSS_TAKEN_AWAY === '${places.indexOf(place)}'`;
        changed = `${changed.slice(0, start)}(${off} ? ${without} : (${changed.slice(start, end)}))${changed.slice(end)}`;
      }
      return here.length > 0 ? { code: changed, map: null } : null;
    },
  };
}

function openVitest(places: readonly Place[], kind: 'fast' | 'models'): Promise<Vitest> {
  const conditions = ['sensorium-source'];
  return createVitest(
    'test',
    {
      config: false,
      root: ROOT,
      watch: false,
      name: kind,
      include: kind === 'fast' ? ['{src,test}/**/*.test.ts'] : ['{src,test}/**/*.models.test.ts'],
      exclude: kind === 'fast' ? ['**/*.{models,hostile,servers}.test.ts'] : [],
      pool: 'forks',
      isolate: kind === 'models',
      maxWorkers: 1,
      testTimeout: kind === 'fast' ? 60_000 : 300_000,
      hookTimeout: 600_000,
      reporters: [{}],
      silent: true,
    },
    { resolve: { conditions }, ssr: { resolve: { conditions } }, plugins: [switches(places)] },
  );
}

interface Red {
  readonly file: string;
  readonly test: string;
}

/** Runs tests and names the first that turned red; `null` when all are green. */
async function firstRed(vitest: Vitest, specifications: TestSpecification[]): Promise<Red | null> {
  if (specifications.length === 0) return null;
  const { testModules } = await vitest.runTestSpecifications(specifications);
  // What is handed back also holds the files of earlier runs.
  const ran = new Set(specifications.map(({ moduleId }) => moduleId));
  for (const module of testModules.filter(({ moduleId }) => ran.has(moduleId))) {
    const file = relative(ROOT, module.moduleId);
    for (const { name } of module.children.allTests('failed')) return { file, test: name };
    if (!module.ok()) return { file, test: 'the file itself' };
  }
  return null;
}

async function specificationsFor(vitest: Vitest, tests: readonly string[]): Promise<TestSpecification[]> {
  const all = await vitest.globTestSpecifications();
  return all.filter(({ moduleId }) => tests.includes(relative(ROOT, moduleId)));
}

/** How far away a test may be: its own first, those next to the place, then all of its stage, then the ones for whole requests. */
function waves(file: string, near: ReadonlyMap<string, number>): string[][] {
  const fast = [...near.keys()].filter((test) => !test.endsWith('.models.test.ts'));
  const folder = dirname(file);
  const stage = file.split('/').slice(0, 2).join('/');
  const isNext = (test: string) => dirname(test) === folder;
  const isHonesty = (test: string) => test.startsWith('test/honesty/');
  const isOfStage = (test: string) => test.startsWith(`${stage}/`);
  // `src/speak/engines/glm-tts` is GLM's: test/conformance/glm-speech.test.ts knows it best.
  const vendor = basename(folder).split('-')[0] ?? '';
  const isVendors = (test: string) => test.startsWith(`test/conformance/${vendor}`);
  const isOfConformance = (test: string) => test.startsWith('test/conformance/');
  const isFamilies = (test: string) => test.startsWith('test/families/');
  const tried = new Set<string>();
  return [
    fast.filter((test) => test === file.replace(/\.ts$/, '.test.ts')),
    fast.filter((test) => isNext(test) && near.get(test) === 1),
    fast.filter(isNext),
    fast.filter(isVendors),
    fast.filter((test) => isOfStage(test) && !isNext(test)),
    fast.filter(isFamilies),
    fast.filter((test) => isOfConformance(test) && !isVendors(test)),
    fast.filter((test) => isHonesty(test) && !test.includes('silent-drops')),
    fast.filter((test) => isHonesty(test) && test.includes('silent-drops')),
    fast.filter((test) => ![isOfStage, isNext, isHonesty, isOfConformance, isFamilies].some((is) => is(test))),
  ].map((tests) => {
    const others = tests.filter((test) => !tried.has(test));
    for (const test of others) tried.add(test);
    return others;
  });
}

/** As many as there are cores here and where CI runs. */
const SHARES = 2;

/** Runs each share in a process of its own; 1 where one of them found what no test misses, or broke. */
async function shareOut(): Promise<number> {
  const running = Array.from({ length: SHARES }, async (_, share) => {
    const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1), `--share=${share}`], {
      stdio: 'inherit',
    });
    const [code] = await once(child, 'exit');
    return code === 0;
  });
  return (await Promise.all(running)).every((good) => good) ? 0 : 1;
}

async function main(): Promise<void> {
  const share = process.argv.find((argument) => argument.startsWith('--share='))?.slice('--share='.length);
  if (share === undefined) process.exit(await shareOut());
  const withModels = process.argv.includes('--models');
  const only = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const isWanted = ({ file }: Place) => only.length === 0 || only.some((path) => file.startsWith(path));
  // So many meet every loss; this is no search for new mistakes.
  process.env.HONESTY_REQUESTS = '600';
  const files = [...filesIn('src'), ...filesIn('test')];
  const importers = importersOf(files);
  const places = files.filter((file) => file.startsWith('src/') && isSource(file)).flatMap(placesIn);
  const isOurs = (place: Place) => places.indexOf(place) % SHARES === Number(share);
  const ofModels = places.filter((place) => place.file in MODELS && isWanted(place) && isOurs(place));
  if (places.length < 30) throw new Error(`Only ${places.length} places found: the search is broken.`);
  console.log(`${places.length} places`);
  const survivors: Place[] = [];
  let caught = 0;

  async function tryAll(kind: 'fast' | 'models', chosen: readonly Place[]): Promise<void> {
    if (chosen.length === 0) return;
    const vitest = await openVitest(places, kind);
    const green = new Map<string, boolean>();
    // A test that is red by itself would seem to catch everything.
    async function mustBeGreen(red: Red): Promise<void> {
      if (green.get(red.file)) return;
      process.env.LOSS_TAKEN_AWAY = 'none';
      const alone = await firstRed(vitest, await specificationsFor(vitest, [red.file]));
      if (alone) throw new Error(`With nothing taken away this is red: ${alone.file}: ${alone.test}`);
      green.set(red.file, true);
    }
    for (const place of chosen) {
      const startedMs = performance.now();
      let by: Red | null = null;
      const tries =
        kind === 'fast'
          ? waves(place.file, testsNear(place.file, importers))
          : (MODELS[place.file] ?? []).map((test) => [test]);
      for (const tests of tries) {
        process.env.LOSS_TAKEN_AWAY = String(places.indexOf(place));
        by ??= await firstRed(vitest, await specificationsFor(vitest, tests));
      }
      if (by) await mustBeGreen(by);
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
      if (by === null) survivors.push(place);
      else caught++;
      console.log(
        `${by === null ? 'SURVIVED' : 'caught  '} ${seconds.padStart(5)} s  ${place.file}:${place.line} ${place.text}`,
      );
      if (by) console.log(`                  by ${by.file}: ${by.test.slice(0, 90)}`);
    }
    await vitest.close();
  }

  await tryAll(
    'fast',
    places.filter((place) => !(place.file in MODELS) && isWanted(place) && isOurs(place)),
  );
  if (withModels) await tryAll('models', ofModels);
  else {
    for (const { file, line } of ofModels)
      console.log(`not tried: ${file}:${line}, with real models: ${MODELS[file]?.join(' ')}`);
  }
  console.log(`share ${share}: ${caught + survivors.length} places, ${caught} caught, ${survivors.length} survived`);
  process.exit(survivors.length > 0 ? 1 : 0);
}

await main();
