const names = '零一二三四五六七八九';
const places = ['', '十', '百', '千'];

/** 2026 → 二零二六. For years, codes and decimals. */
export const digitByDigit = (digits: string) => digits.replace(/\d/gu, (digit) => names[Number(digit)] ?? digit);

/** The same for telephone and room numbers, where 1 is said 幺, lest it be heard as 七. */
export const overTelephone = (digits: string) => digitByDigit(digits).replaceAll('一', '幺');

/** Up to four digits. `leading`: nothing stands before, so 10 is 十 and 2000 is 两千. */
function upToThousands(value: number, leading: boolean): string {
  const digits = String(value);
  let words = '';
  let gap = false;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[i]);
    const place = digits.length - 1 - i;
    if (digit === 0) {
      gap = true;
      continue;
    }
    if (gap && words !== '') words += '零';
    gap = false;
    const first = leading && i === 0;
    if (digit === 1 && place === 1 && first) words += '十';
    else words += (digit === 2 && place === 3 && first ? '两' : names[digit]) + (places[place] ?? '');
  }
  return words;
}

function positive(value: bigint, leading: boolean): string {
  for (const [unit, name] of [
    [100_000_000n, '亿'],
    [10_000n, '万'],
  ] as const) {
    if (value < unit) continue;
    const high = value / unit;
    const low = value % unit;
    const head = high === 2n && leading ? '两' : positive(high, leading);
    if (low === 0n) return head + name;
    // A missing place is said once: 一亿零一百万, but 一千万一千.
    return `${head}${name}${low < unit / 10n ? '零' : ''}${positive(low, false)}`;
  }
  return upToThousands(Number(value), leading);
}

/** 10010000 → 一千零一万. Sixteen digits and more are read one by one. */
export function cardinal(written: string): string {
  const digits = written.replaceAll(',', '');
  if (/^0\d/u.test(digits) || digits.length > 16) return digitByDigit(digits);
  return BigInt(digits) === 0n ? '零' : positive(BigInt(digits), true);
}

/** An integer or a decimal, with its sign: -2.50 → 负二点五零. */
export function quantity(written: string): string {
  const minus = /^[-−]/u.test(written);
  const [whole = '', fraction] = written.replace(/^[-−]/u, '').split('.');
  const words = whole === '' ? '零' : cardinal(whole);
  return (minus ? '负' : '') + (fraction === undefined ? words : `${words}点${digitByDigit(fraction)}`);
}

/** A quantity before a measure word: 2 → 两. */
export const counting = (written: string) => (written === '2' ? '两' : quantity(written));
