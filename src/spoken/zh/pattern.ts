export const number = String.raw`(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)`;
export const begin = String.raw`(?<!\d|\d[.,])`;
export const finish = String.raw`(?!\d|[.,]\d)`;
export const sign = String.raw`(?:(?<![A-Za-z\d.,)%）])[-−])?`;
export const rx = (source: string, flags = '') => new RegExp(source, `gu${flags}`);
