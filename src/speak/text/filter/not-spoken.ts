import { type Loss, lossOf } from '#contract/loss.ts';
import type { Dropped } from './step.ts';

const counted: Readonly<Partial<Record<Dropped['what'], readonly [one: string, many: string, unit: string]>>> = {
  link: ['The address of a link was not read aloud.', 'The addresses of # links were not read aloud.', 'links'],
  emoji: ['An emoji was not read aloud.', '# emoji were not read aloud.', 'emoji'],
  citation: ['A citation mark was not read aloud.', '# citation marks were not read aloud.', 'citations'],
  'inline-code': [
    'A piece of code inside the text was not read aloud.',
    '# pieces of code inside the text were not read aloud.',
    'pieces',
  ],
  math: ['A formula was not read aloud.', '# formulas were not read aloud.', 'formulas'],
  image: ['An image was not described aloud.', '# images were not described aloud.', 'images'],
  html: ['Markup was not read aloud.', '# pieces of markup were not read aloud.', 'pieces'],
};

const alone: Readonly<Partial<Record<Dropped['what'], readonly [name: string, unit: string]>>> = {
  'code-block': ['code block', 'lines'],
  table: ['table', 'rows'],
  reasoning: ["passage of the model's reasoning", 'lines'],
};

/** Turns what the filter dropped into losses: one for each code block, table and reasoning passage, one count for the rest. */
export function notSpoken(dropped: readonly Dropped[]): Loss[] {
  const losses: Loss[] = [];
  for (const { what, text } of dropped) {
    const kind = alone[what];
    if (!kind) continue;
    const [name, unit] = kind;
    const lines = text.trimEnd().split('\n');
    // |---|---| is drawing, not a row.
    const extent = lines.filter((line) => what !== 'table' || !/^\s*\|[\s:|-]+$/u.test(line)).length;
    const message = `A ${name} (${extent} ${extent === 1 ? unit.slice(0, -1) : unit}) was not read aloud.`;
    losses.push(
      lossOf({ kind: 'not-spoken', stage: 'speak', message, text, extent, unit, action: 'Written in the answer.' }),
    );
  }
  for (const [what, [one, many, unit]] of Object.entries(counted)) {
    const found = dropped.filter((item) => item.what === what);
    if (found.length === 0) continue;
    const message = found.length === 1 ? one : many.replace('#', String(found.length));
    const text = found.map((item) => item.text).join('\n');
    const action = 'Written in the answer.';
    losses.push(lossOf({ kind: 'not-spoken', stage: 'speak', message, text, extent: found.length, unit, action }));
  }
  return losses;
}
