let simplify: Promise<(text: string) => string> | undefined;

/** What writes traditional characters as simplified ones (OpenCC). Loads once. */
export function loadSimplified(): Promise<(text: string) => string> {
  simplify ??= import('opencc-js/t2cn').then(({ Converter }) => Converter({ from: 't', to: 'cn' }));
  return simplify;
}

let unite: Promise<(text: string) => string> | undefined;

/**
 * What writes traditional, simplified and variant characters (餘, 余, 馀) as one, so that two spellings of a word can be told from two
 * words. There and back: simplifying alone leaves variants that are also simplified characters. Loads once, in 0.12 s.
 */
export function loadOneSpelling(): Promise<(text: string) => string> {
  unite ??= Promise.all([loadSimplified(), import('opencc-js/cn2t')]).then(([simplified, { Converter }]) => {
    const traditional = Converter({ from: 'cn', to: 't' });
    return (text) => simplified(traditional(simplified(text)));
  });
  return unite;
}
