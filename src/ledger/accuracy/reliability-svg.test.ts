import { Parser } from 'htmlparser2';
import { describe, expect, it } from 'vitest';
import { reliabilitySvg } from './reliability-svg.ts';

const figures = {
  bins: [
    { predicted: 0.012, observed: 0.01, items: 3_000 },
    { predicted: 0.31, observed: 0.35, items: 40 },
    { predicted: 0.5, observed: 0, items: 0 },
    { predicted: 0.82, observed: 0.75, items: 8 },
  ],
  ece: 0.0123,
  auroc: 0.9056,
  items: 3_048,
};

/** Every tag in order, `/name` where it ends; throws where one is not closed or closes another. */
function tagsOf(svg: string): string[] {
  const tags: string[] = [];
  const open: string[] = [];
  const parser = new Parser(
    {
      onopentag: (name) => {
        tags.push(name);
        open.push(name);
      },
      onclosetag: (name, implied) => {
        if (implied && !svg.includes(`<${name}`)) throw new Error(`${name} is not closed`);
        expect(open.pop()).toBe(name);
      },
    },
    { xmlMode: true },
  );
  parser.end(svg);
  expect(open).toEqual([]);
  return tags;
}

describe('the picture of reliability', () => {
  const svg = reliabilitySvg(figures, { title: 'whisper-base <en> & friends' });

  it('is a well-formed SVG with a title and a description, without scripts or anything from outside', () => {
    const tags = tagsOf(svg);
    expect(tags[0]).toBe('svg');
    expect(tags.slice(1, 3)).toEqual(['title', 'desc']);
    expect(tags).not.toContain('script');
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|url\(|on\w+=/);
    expect(svg).toContain('whisper-base &lt;en&gt; &amp; friends');
    expect(svg).toContain('prefers-color-scheme:dark');
  });

  it('says the figures, draws a dot for each bin that has something in it, and tells each', () => {
    expect(svg).toContain('ECE 0.012 · AUROC 0.906 · 3048 places');
    expect(svg.match(/<circle/g)).toHaveLength(3);
    expect(svg).toContain('said 0.820, seen 0.750, 8 places');
    // Predicted 0.5 would be in the middle of the plot, seen 0.75 three quarters up.
    expect(svg).toMatch(/<circle class="b" cx="287.6" cy="132"/);
  });

  it('makes the dot of more places larger', () => {
    const radii = [...svg.matchAll(/ r="([\d.]+)"><title>/g)].map(([, radius]) => Number(radius));
    expect(radii).toEqual([10, 2.5, 2.5]);
  });

  it('speaks Chinese, and says where a figure was not measured', () => {
    const chinese = reliabilitySvg({ ...figures, auroc: null }, { title: '听写', language: 'zh-CN' });
    tagsOf(chinese);
    expect(chinese).toContain('预测的出错概率');
    expect(chinese).toContain('AUROC 未测 · 3048 处');
    expect(chinese).not.toContain('predicted');
  });

  it('gives the same bytes for the same figures, and survives none and control characters', () => {
    expect(reliabilitySvg(figures, { title: 'whisper-base <en> & friends' })).toBe(svg);
    const empty = reliabilitySvg({ bins: [], ece: 0, auroc: null, items: 0 }, { title: 'a\u0000b' });
    tagsOf(empty);
    expect(empty).not.toMatch(/NaN|Infinity/);
    expect(empty).toContain('a\u{fffd}b');
  });
});
