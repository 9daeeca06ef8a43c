import { format } from 'numfmt';
import { attribute, children, type Element, find } from '../../files/tree.ts';

/**
 * Formats a file refers to by number only (ECMA-376-1, 18.8.30, with those of zh-cn for 27–36 and 50–58). What 14 and 22 show depends on
 * the computer; here it is ISO 8601, which cannot be misread.
 */
const BUILT_IN: Readonly<Record<number, string>> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  5: '"¥"#,##0',
  6: '"¥"#,##0',
  7: '"¥"#,##0.00',
  8: '"¥"#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  14: 'yyyy-mm-dd',
  15: 'd-mmm-yy',
  16: 'd-mmm',
  17: 'mmm-yy',
  18: 'h:mm AM/PM',
  19: 'h:mm:ss AM/PM',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: 'yyyy-mm-dd hh:mm',
  27: 'yyyy"年"m"月"',
  28: 'm"月"d"日"',
  29: 'm"月"d"日"',
  30: 'yyyy-mm-dd',
  31: 'yyyy"年"m"月"d"日"',
  32: 'h"时"mm"分"',
  33: 'h"时"mm"分"ss"秒"',
  34: 'AM/PMh"时"mm"分"',
  35: 'AM/PMh"时"mm"分"ss"秒"',
  36: 'yyyy"年"m"月"',
  37: '#,##0;-#,##0',
  38: '#,##0;-#,##0',
  39: '#,##0.00;-#,##0.00',
  40: '#,##0.00;-#,##0.00',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss.0',
  48: '##0.0E+0',
  50: 'yyyy"年"m"月"',
  51: 'm"月"d"日"',
  52: 'yyyy"年"m"月"',
  53: 'm"月"d"日"',
  54: 'm"月"d"日"',
  55: 'AM/PMh"时"mm"分"',
  56: 'AM/PMh"时"mm"分"ss"秒"',
  57: 'yyyy"年"m"月"',
  58: 'm"月"d"日"',
};

const DAYS_TO_1904 = 1_462;
/** What formatting gives for a value the format has no way to show. */
const UNSHOWN = /^#+$/;

/** Writes the number of a cell of a style as the spreadsheet shows it. */
export type ShowNumber = (value: string, style: number) => string;

/** Reads the number formats of a workbook. `is1904`: its days count from 1904. */
export function formatsOf(styles: Element, is1904: boolean, language: 'en' | 'zh'): ShowNumber {
  const own = new Map(
    children(find(styles, 'numFmts'), 'numFmt').map((each) => [
      Number(each.attributes.numFmtId),
      each.attributes.formatCode ?? '',
    ]),
  );
  const codes = children(find(styles, 'cellXfs'), 'xf').map((xf) => {
    const id = Number(attribute(xf, 'numFmtId') ?? 0);
    return codeOf(own.get(id) ?? BUILT_IN[id] ?? 'General');
  });
  const locale = language === 'zh' ? 'zh-CN' : 'en-US';
  return (text, style) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value)) return text;
    const code = codes[style] ?? 'General';
    if (/^general$/i.test(code)) return plain(value);
    const moved = is1904 && isDateCode(code) ? value + DAYS_TO_1904 : value;
    const shown = format(code, moved, { locale, throws: false }).trim();
    return UNSHOWN.test(shown) ? plain(value) : shown;
  };
}

// Excel calculates with 15 figures; more of them are how a computer stores a fraction.
function plain(value: number): string {
  return String(Number(value.toPrecision(15)));
}

// A currency names a language too, for its sign only: its points and commas stay those of the reader.
function codeOf(code: string): string {
  if (code.length > 255) return 'General';
  const signs = code.replaceAll(
    /\[\$([^\]-]+)(?:-[0-9A-F]+)?\]/gi,
    (_, sign: string) => `"${sign.replaceAll('"', '')}"`,
  );
  return (isDateCode(signs) ? signs : signs.replaceAll(/\[\$-[^\]]*\]/g, '')).replaceAll('上午/下午', 'AM/PM');
}

/** Whether a format shows a date or time: it has one of their letters outside quotes and brackets. */
function isDateCode(code: string): boolean {
  return /[ymdhsae]/i.test(code.replaceAll(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|general|E[+-]/gi, ''));
}
