import type { ReliabilityBin } from './curves.ts';

/** What is drawn. `auroc` is `null` where nothing, or everything, was wrong. */
export interface ReliabilityFigures {
  readonly bins: readonly Pick<ReliabilityBin, 'predicted' | 'observed' | 'items'>[];
  readonly ece: number;
  readonly auroc: number | null;
  /** How many places were judged. */
  readonly items: number;
}

type Bin = ReliabilityFigures['bins'][number];

export interface ReliabilityOptions {
  /** Stands above the drawing: whose probabilities these are. */
  readonly title: string;
  /** `zh…` for Chinese, anything else for English. */
  readonly language?: string | undefined;
}

const LABELS = {
  en: {
    ...{ predicted: 'predicted probability of error', seen: 'share that was wrong', ideal: 'said = seen' },
    ...{ places: 'places', error: 'ECE', ranking: 'AUROC', unmeasured: 'not measured' },
    bin: ({ predicted, observed, items }: Bin) =>
      `said ${share(predicted)}, seen ${share(observed)}, ${items} place${items === 1 ? '' : 's'}`,
    about:
      'Each dot: places with nearly the same predicted probability; its area grows with how many, the line is its 95 % interval.',
  },
  zh: {
    ...{ predicted: '预测的出错概率', seen: '实际出错的比例', ideal: '预测 = 实际' },
    ...{ places: '处', error: 'ECE', ranking: 'AUROC', unmeasured: '未测' },
    bin: ({ predicted, observed, items }: Bin) => `预测 ${share(predicted)}，实际 ${share(observed)}，${items} 处`,
    about: '每个圆点：预测概率相近的位置；面积随数量增大，竖线为 95% 区间。',
  },
};

const WIDTH = 360;
const HEIGHT = 400;
const PLOT = { left: 58, top: 62, size: 280 };
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];
/** Radii in px of the bin with fewest and with most places. */
const RADIUS = { least: 2.5, most: 10 };

/** Its own ground, so that it can be read on any page; colours follow what the reader's system prefers. */
const STYLE =
  '.g{fill:#fff;stroke:#d0d7de}.t{fill:#1f2328;font:12px system-ui,sans-serif}.h{font-size:13px;font-weight:600}' +
  '.q{fill:#57606a}.a{stroke:#d0d7de}.i{stroke:#57606a;stroke-dasharray:4 4}.b{fill:#0969da;fill-opacity:.75}.e{stroke:#0969da}' +
  '@media(prefers-color-scheme:dark){.g{fill:#0d1117;stroke:#30363d}.t{fill:#e6edf3}.q{fill:#9da7b1}.a{stroke:#30363d}' +
  '.i{stroke:#9da7b1}.b{fill:#58a6ff}.e{stroke:#58a6ff}}';

/**
 * Draws what was predicted against what was seen, as one SVG of 360 × 400 px without scripts or anything from outside. The same
 * figures give the same bytes. Intervals are Wilson's, at 95 %.
 */
export function reliabilitySvg(figures: ReliabilityFigures, { title, language }: ReliabilityOptions): string {
  const isChinese = /^zh\b/i.test(language ?? '');
  const labels = isChinese ? LABELS.zh : LABELS.en;
  const bins = figures.bins.filter(({ items }) => items > 0);
  const line = summaryOf(figures, labels);
  const middle = PLOT.left + PLOT.size / 2;
  const described = `${line}. ${labels.about} ${bins.map(labels.bin).join('; ')}`;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title desc"${isChinese ? ' lang="zh"' : ' lang="en"'}>`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="desc">${escaped(described)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="g" x=".5" y=".5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="6"/>`,
    text(16, 24, title, 'h'),
    text(16, 44, line, 'q'),
    ...TICKS.flatMap(tick),
    `<path class="i" d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}"/>`,
    text(x(0.03), y(0.94), `┄ ${labels.ideal}`, 'q'),
    ...bins.flatMap((bin) => dot(bin, Math.max(...bins.map(({ items }) => items)), labels.bin(bin))),
    text(middle, HEIGHT - 14, labels.predicted, '', 'middle'),
    `<g transform="rotate(-90 16 ${PLOT.top + PLOT.size / 2})">${text(16, PLOT.top + PLOT.size / 2, labels.seen, '', 'middle')}</g>`,
    '</svg>',
  ].join('\n')}\n`;
}

function summaryOf({ ece, auroc, items }: ReliabilityFigures, labels: (typeof LABELS)['en']): string {
  const ranking = auroc === null ? labels.unmeasured : auroc.toFixed(3);
  return `${labels.error} ${ece.toFixed(3)} · ${labels.ranking} ${ranking} · ${items} ${labels.places}`;
}

function tick(at: number): string[] {
  return [
    `<path class="a" d="M${x(at)} ${y(0)}V${y(1)}M${x(0)} ${y(at)}H${x(1)}"/>`,
    text(x(at), y(0) + 16, String(at), 'q', 'middle'),
    text(x(0) - 6, y(at) + 4, String(at), 'q', 'end'),
  ];
}

function dot(bin: Bin, most: number, told: string): string[] {
  const radius = Math.max(RADIUS.least, RADIUS.most * Math.sqrt(bin.items / most));
  const [low, high] = wilson(bin.observed, bin.items);
  return [
    `<path class="e" d="M${x(bin.predicted)} ${y(low)}V${y(high)}"/>`,
    `<circle class="b" cx="${x(bin.predicted)}" cy="${y(bin.observed)}" r="${px(radius)}"><title>${escaped(told)}</title></circle>`,
  ];
}

/** Wilson's interval of a share at 95 % (E. B. Wilson, JASA 22, 1927). */
function wilson(seen: number, count: number): readonly [number, number] {
  const z2 = 1.96 ** 2;
  const middle = (seen + z2 / (2 * count)) / (1 + z2 / count);
  const half = (1.96 / (1 + z2 / count)) * Math.sqrt((seen * (1 - seen)) / count + z2 / (4 * count ** 2));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

function text(atX: number, atY: number, words: string, kind: string, anchor = 'start'): string {
  const anchored = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text class="t${kind ? ` ${kind}` : ''}" x="${px(atX)}" y="${px(atY)}"${anchored}>${escaped(words)}</text>`;
}

const x = (share: number) => px(PLOT.left + share * PLOT.size);
const y = (share: number) => px(PLOT.top + (1 - share) * PLOT.size);
const px = (value: number) => Math.round(value * 10) / 10;
const share = (value: number) => value.toFixed(3);

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(words: string): string {
  return words
    .replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
    .replaceAll(/[^\t\n\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}');
}
