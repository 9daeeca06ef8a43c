import type { Rule } from '../rule.ts';
import { cardinal, counting, quantity } from './number.ts';
import { begin, finish, number, rx, sign } from './pattern.ts';

const entries = (rows: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    rows
      .trim()
      .split(/\s*[|\n]\s*/u)
      .map((row) => row.split(' ') as [string, string]),
  );

const units =
  entries(`kg 千克 | KG 千克 | g 克 | mg 毫克 | µg 微克 | μg 微克 | t 吨 | lb 磅 | lbs 磅 | oz 盎司 | km 千米 | KM 千米 | m 米 | dm 分米 | cm 厘米 | mm 毫米
µm 微米 | μm 微米 | nm 纳米 | mi 英里 | ft 英尺 | yd 码 | m² 平方米 | m2 平方米 | ㎡ 平方米 | km² 平方千米 | km2 平方千米 | cm² 平方厘米 | cm2 平方厘米
mm² 平方毫米 | m³ 立方米 | m3 立方米 | cm³ 立方厘米 | cm3 立方厘米 | km³ 立方千米 | L 升 | l 升 | ml 毫升 | mL 毫升 | ha 公顷
s 秒 | ms 毫秒 | µs 微秒 | μs 微秒 | ns 纳秒 | min 分钟 | h 小时 | Hz 赫兹 | kHz 千赫兹 | MHz 兆赫兹 | GHz 吉赫兹 | W 瓦 | kW 千瓦 | MW 兆瓦
kWh 千瓦时 | V 伏 | kV 千伏 | mV 毫伏 | mA 毫安 | mAh 毫安时 | J 焦 | kJ 千焦 | cal 卡 | kcal 千卡 | Pa 帕 | hPa 百帕 | kPa 千帕 | MPa 兆帕
N 牛 | dB 分贝 | Ω 欧姆 | px 像素 | mph 英里每小时 | rpm 转每分钟 | °C 摄氏度 | ℃ 摄氏度 | °F 华氏度 | ℉ 华氏度 | ° 度`);

const currencies =
  entries(`$ 美元 | US$ 美元 | HK$ 港元 | A$ 澳元 | C$ 加元 | NT$ 新台币 | £ 英镑 | € 欧元 | ¥ 元 | ￥ 元 | ₩ 韩元 | ₽ 卢布 | ₹ 卢比 | ₫ 越南盾 | ฿ 泰铢
USD 美元 | EUR 欧元 | GBP 英镑 | JPY 日元 | CNY 元 | RMB 元 | HKD 港元 | KRW 韩元 | CHF 瑞士法郎 | AUD 澳元 | CAD 加元`);
const scales = entries('k 千 | K 千 | m 百万 | M 百万 | B 十亿 | b 十亿');
const scale = '(百万亿|十万|百万|千万|万亿|[百千万亿])?';

const name = (written: string): string | null => {
  const [over = '', under] = written.split('/');
  const unit = units[over];
  const per = under === undefined ? '' : units[under];
  return unit === undefined || per === undefined ? null : unit + (per === '' ? '' : `每${per}`);
};

/** Degrees and zero are not counted with 两. */
const amount = (written: string, unit: string) => (/度$/u.test(unit) ? quantity(written) : counting(written));

export const money: readonly Rule[] = [
  {
    class: 'money',
    pattern: rx(
      String.raw`((?:US|HK|NT|A|C)?\$|[£€¥￥₩₽₹₫฿]|(?:USD|EUR|GBP|JPY|CNY|RMB|HKD|KRW|CHF|AUD|CAD) ?)(${number})${finish}(?:${scale}|([kKmMbB])(?![A-Za-z]))`,
    ),
    say({ group }) {
      const currency = currencies[group(1).trim()];
      const suffix = group(3) || scales[group(4)] || '';
      return currency === undefined
        ? null
        : (suffix === '' ? counting(group(2)) : quantity(group(2))) + suffix + currency;
    },
  },
  {
    class: 'money',
    pattern: rx(
      String.raw`${begin}(${number})${scale} ?(USD|EUR|GBP|JPY|CNY|RMB|HKD|KRW|CHF|AUD|CAD|[€£$])(?![A-Za-z\d])`,
    ),
    say: ({ group }) => counting(group(1)) + group(2) + (currencies[group(3)] ?? ''),
  },
];

export const measure: readonly Rule[] = [
  {
    class: 'fraction',
    pattern: rx(`${begin}${sign}(${number}) ?[-–~～至到] ?(${number})([%％‰])`),
    say: ({ group }) => `${group(3) === '‰' ? '千' : '百'}分之${quantity(group(1))}到${quantity(group(2))}`,
  },
  {
    class: 'fraction',
    pattern: rx(`${begin}(负?)(${sign}${number}) ?([%％‰])`),
    say({ group }) {
      const minus = group(1) !== '' || /^[-−]/u.test(group(2));
      return `${minus ? '负' : ''}${group(3) === '‰' ? '千' : '百'}分之${quantity(group(2).replace(/^[-−]/u, ''))}`;
    },
  },
  {
    class: 'measure',
    pattern: rx(
      String.raw`${begin}(${sign}${number})${scale} ?(°[CF]?|[℃℉㎡Ω]|[A-Za-zµμ]{1,4}[²³23]?(?:\/[A-Za-z]{1,3}[²³]?)?)(?![A-Za-z\d²³])`,
    ),
    say({ group }) {
      const unit = name(group(3));
      return unit === null ? null : (group(2) === '' ? amount(group(1), unit) : quantity(group(1))) + group(2) + unit;
    },
  },
  {
    class: 'fraction',
    pattern: rx(String.raw`(?<![\d/.])(?:(\d+) )?(\d+) ?\/ ?(\d+)(?![\d/]|\.\d)`),
    say({ text, group }) {
      if (Number(group(3)) === 0) return null;
      if (text === '24/7') return '七天二十四小时';
      const part = `${cardinal(group(3))}分之${cardinal(group(2))}`;
      return group(1) === '' ? part : `${cardinal(group(1))}又${part}`;
    },
  },
];
