import { reliabilitySvg } from '#ledger/index.ts';
import type { LedgerEvaluation } from './evaluate.ts';

const TITLES = {
  textOnly: { en: 'Another decoder and a dictionary', zh: '另一解码器与词典' },
  withProofread: { en: 'And one proof-reading by a language model', zh: '再加一次语言模型校对' },
} as const;

/** Reliability diagrams as SVG by file name, in both languages. What was not measured has none. */
export function reliabilityPictures({ flags }: Pick<LedgerEvaluation, 'flags'>): Map<string, string> {
  const pictures = new Map<string, string>();
  for (const [name, titles] of Object.entries(TITLES)) {
    const { bins, ece, auroc, characters } = flags[name as keyof typeof TITLES];
    if (ece === null) continue;
    for (const [language, title] of Object.entries(titles))
      pictures.set(`${name}.${language}`, reliabilitySvg({ bins, ece, auroc, items: characters }, { title, language }));
  }
  return pictures;
}
