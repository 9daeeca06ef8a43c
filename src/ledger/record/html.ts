import type { DoubtfulSpan, Ledger } from '#contract/ledger.ts';
import { phrasesIn } from '../verdict/verdict.ts';
import { type Figure, figuresOf, SHARES } from './figures.ts';
import type { Labels } from './labels.ts';
import { englishLabels } from './labels-en.ts';
import { chineseLabels } from './labels-zh.ts';
import { piecesOf } from './pieces.ts';

/** A text as the model was given it, of the part whose spans are placed in it; `language` is its own (BCP 47). */
export interface GivenText {
  readonly part: string;
  readonly text: string;
  readonly language?: string | null | undefined;
}

export interface HtmlOptions {
  /** Language of headings and explanations: `zh`, or anything else for English. */
  readonly language: string;
  /** The texts to show with their doubtful words underlined; none where they are not at hand. */
  readonly texts?: readonly GivenText[] | undefined;
}

/**
 * A ledger as an HTML fragment: the sentence, the texts with doubtful words underlined, what was lost, what was won back, what nobody measured. No
 * script, no colours of its own, everything escaped; each place can be reached by keyboard and tells its probability and alternatives. The classes
 * begin with `loss-ledger`.
 */
export function ledgerHtml(ledger: Ledger, { language, texts = [] }: HtmlOptions): string {
  const isChinese = /^(zh|cmn)\b/i.test(language);
  const labels = isChinese ? chineseLabels : englishLabels;
  const { level, headline, unknowns } = ledger.verdict;
  return [
    `<section class="loss-ledger loss-ledger-${level}" lang="${isChinese ? 'zh' : 'en'}" aria-label="${escaped(labels.lost)}">`,
    `<p class="loss-ledger-headline" lang="${/\p{Script=Han}/u.test(headline) ? 'zh' : 'en'}"><strong>${escaped(headline)}</strong> <span class="loss-ledger-level">${escaped(labels.levels[level] ?? level)}</span></p>`,
    ...texts.map((one) => textHtml(one, ledger.spans, labels)),
    figuresHtml(figuresOf(ledger), labels),
    listHtml('loss-ledger-losses', labels.noted, countedKinds(ledger, language)),
    listHtml('loss-ledger-mitigations', labels.wonBack, wonBack(ledger, labels)),
    listHtml('loss-ledger-unknowns', labels.unknowns, unknowns),
    '</section>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function textHtml({ part, text, language }: GivenText, spans: readonly DoubtfulSpan[], labels: Labels): string {
  const pieces = piecesOf(
    text,
    spans.filter((span) => span.part === part),
  );
  const inner = pieces.map(({ text, span }) => (span === null ? escaped(text) : markHtml(text, span, labels))).join('');
  // What language it is in is not always known; then a browser may guess.
  const lang = language ? ` lang="${escaped(language)}"` : ' lang=""';
  return `<p class="loss-ledger-text"${lang} style="white-space:pre-wrap">${inner}</p>`;
}

function markHtml(
  text: string,
  { pError, pErrorKind, alternatives, class: kind }: DoubtfulSpan,
  labels: Labels,
): string {
  const others = alternatives.map((one) => one.text).filter((one) => one !== '');
  const says = labels.place(Math.round(pError * 100), pErrorKind === 'calibrated', others);
  return `<mark class="loss-ledger-doubtful loss-ledger-${kind}" tabindex="0" title="${escaped(says)}" aria-description="${escaped(`${labels.doubtful}: ${says}`)}" style="background:none;color:inherit;text-decoration:underline wavy;text-underline-offset:0.2em">${escaped(text)}</mark>`;
}

function figuresHtml(figures: readonly Figure[], labels: Labels): string {
  const groups = [...new Set(figures.map(({ group }) => group))];
  const bodies = groups.map((group) => {
    const rows = figures
      .filter((one) => one.group === group && one.value !== null)
      .map(
        (one) => `<tr><th scope="row">${escaped(labels.figures[one.name] ?? one.name)}</th><td>${said(one)}</td></tr>`,
      );
    const head = `<tr><th scope="rowgroup" colspan="2" style="text-align:start">${escaped(labels.groups[group] ?? group)}</th></tr>`;
    return rows.length === 0 ? '' : `<tbody>${head}${rows.join('')}</tbody>`;
  });
  return bodies.every((body) => body === '')
    ? ''
    : `<table class="loss-ledger-figures"><caption>${escaped(labels.lost)}</caption>${bodies.join('')}</table>`;
}

function said({ name, value, low, high }: Figure): string {
  const one = (figure: number) =>
    SHARES.has(name) ? `${Number((figure * 100).toFixed(1))} %` : `${Number(figure.toFixed(2))}`;
  const interval = low === null || high === null ? '' : ` (${one(low)} – ${one(high)})`;
  return value === null ? '' : `${one(value)}${interval}`;
}

function countedKinds({ losses }: Ledger, language: string): string[] {
  const counts = new Map<string, number>();
  const { kinds } = phrasesIn(language);
  for (const { kind } of losses) counts.set(kinds[kind], (counts.get(kinds[kind]) ?? 0) + 1);
  return [...counts].map(([kind, count]) => (count === 1 ? kind : `${kind} × ${count}`));
}

function wonBack({ mitigations }: Ledger, labels: Labels): string[] {
  return mitigations.flatMap(({ id, applied, editsAccepted, editsProposed }) => {
    const edits =
      editsAccepted === null || editsProposed === null ? '' : `: ${labels.edits(editsAccepted, editsProposed)}`;
    return applied ? [`${labels.mitigations[id] ?? id}${edits}`] : [];
  });
}

function listHtml(name: string, heading: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<p class="${name}-heading">${escaped(heading)}</p>\n<ul class="${name}">${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for between tags and for quoted attributes. Characters that no HTML may hold become a replacement character. */
function escaped(text: string): string {
  return (
    text
      .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Surrogate}/gu, '\ufffd')
  );
}
