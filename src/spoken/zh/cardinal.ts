import type { Rule } from '../rule.ts';
import { cardinal, counting, digitByDigit, overTelephone, quantity } from './number.ts';
import { begin, finish, number, rx, sign } from './pattern.ts';

/** Before these, 2 is 两. Not before 月, 号, 日, 楼 or in 2年级, which name rather than count. */
const measureWords =
  '个(?!位)|位|只|条|张|本|名|件|天|年(?!级|代)|周|星期|次(?!方)|倍|岁|元|块|毛|角|分钟|小时|秒|斤|公斤|千克|克|吨|米|公里|千米|厘米|毫米|平方|立方|升|毫升|杯|瓶|碗|盘|盒|箱|包|袋|台|辆|部|架|艘|家|所|间|种|类|项|句|段|首|篇|点|半|百|千|万|亿|口|头|匹|棵|朵|片|双|对|套|把|支|枝|根|份|门|场|道|顿|趟|遍|下|步|人|晚|夜|餐|座|栋|幅|颗|粒|滴|笔|组|队|批|轮|者|款|副|座|瓣|美元|英镑|欧元|日元|港元|韩元';

const vulgar: Readonly<Record<string, string>> = {
  '½': '二分之一',
  '⅓': '三分之一',
  '⅔': '三分之二',
  '¼': '四分之一',
  '¾': '四分之三',
};

/** 3-5 is a range, 3-2 a score, 747-400 a name. */
function rangeWord(low: string, high: string): string {
  if (Number(low.replaceAll(',', '')) < Number(high.replaceAll(',', ''))) return '到';
  return low.length < 3 && high.length < 3 ? '比' : '杠';
}

export const cardinals: readonly Rule[] = [
  { class: 'fraction', pattern: rx('[½⅓⅔¼¾]'), say: ({ text }) => vulgar[text] ?? null },
  {
    class: 'serial',
    pattern: rx(String.raw`${begin}\d+(?:\.\d+){2,}(?!\d)`),
    say: ({ text }) => text.split('.').map(cardinal).join('点'),
  },
  { class: 'range', pattern: rx(String.raw`(?<=比分(?:是|为)?\d+) ?[-–—] ?(?=\d)`), say: () => '比' },
  { class: 'math', pattern: rx(String.raw`(?<=\d) ?[-−] ?(?=\d+(?:\.\d+)? ?=)`), say: () => '减' },
  { class: 'range', pattern: rx(String.raw`(?<=\d[%％万亿千百年月日号点]?) ?[~～] ?(?=[$￥¥]?\d)`), say: () => '到' },
  {
    class: 'range',
    pattern: rx(
      String.raw`(?<=(?<![A-Za-z\d]|[-–/.,]\d*)(${number})[%％万亿千百年月日号点]?) ?[-–—] ?(?=(${number})(?!\d|[-–/]\d))`,
    ),
    say: ({ group }) => rangeWord(group(1), group(2)),
  },
  {
    class: 'cardinal',
    pattern: rx(String.raw`(?<![\d第初\-−]|\d[.,])2(?=${measureWords})`),
    say: ({ text }) => counting(text),
  },
  {
    class: 'serial',
    // A380 is a name; MP3 and iPhone15 are short enough to be numbers.
    pattern: rx(String.raw`(?<=[A-Za-z])\d{3,}${finish}`),
    say: ({ text }) => overTelephone(text),
  },
  {
    class: 'cardinal',
    pattern: rx(`${begin}${sign}${number}${finish}`),
    say: ({ text }) => (/\d{17}/u.test(text) ? digitByDigit(text) : quantity(text)),
  },
  {
    class: 'serial',
    pattern: rx(String.raw`\d+`),
    say: ({ text }) => (text.length > 4 ? digitByDigit(text) : quantity(text)),
  },
];
