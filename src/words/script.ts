let loaded: Promise<(text: string) => string> | undefined;

/** What writes traditional and variant characters as simplified ones (OpenCC), so that two spellings of one word can be told from two words. Loads once, in some 10 ms. */
export function loadSimplified(): Promise<(text: string) => string> {
  loaded ??= import('opencc-js/t2cn').then(({ Converter }) => Converter({ from: 't', to: 'cn' }));
  return loaded;
}
