/** An integer with or without thousands separators, and perhaps decimals. */
export const number = String.raw`(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)`;
/** No letter or digit before: the number begins here. */
export const begin = String.raw`(?<![\p{L}\p{N}]|\p{N}[.,])`;
/** No digit goes on after it. */
export const finish = String.raw`(?!\p{N}|[.,]\p{N})`;
/** A minus sign, told from a hyphen and a range by what stands before it. */
export const sign = String.raw`(?:(?<![\p{L}\p{N}.,)%]|\p{N}\s)[-−])?`;
export const scale = '(?:thousand|million|billion|trillion)';

/** Builds a rule's pattern; `i` makes it blind to case. */
export const rx = (source: string, flags = '') => new RegExp(source, `gu${flags}`);

export const negative = (written: string) => (/^[-−]/u.test(written) ? 'minus ' : '');
