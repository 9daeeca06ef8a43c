import type { Rule } from '../rule.ts';
import { digitByDigit, overTelephone } from './number.ts';
import { begin, finish, rx } from './pattern.ts';

// A label of a host name has 63 characters at most (RFC 1035); the bound also keeps long words cheap.
const label = '[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?';
const names: Readonly<Record<string, string>> = {
  '.': '点',
  '@': '艾特',
  '/': '斜杠',
  ':': '冒号',
  '-': '杠',
  _: '下划线',
  '?': '问号',
  '=': '等于',
  '&': '和',
  '#': '井号',
  '+': '加',
  '%': '百分号',
};
const readOut = (address: string) => digitByDigit(address).replace(/[.@/:\-_?=&#+%]/gu, (mark) => names[mark] ?? mark);

const keyword =
  '(?:电话|手机|热线|拨打|致电|拨|号码|账号|帐号|卡号|尾号|编号|学号|工号|单号|订单号|车牌号?|邮编|密码|验证码|提取码|口令|QQ号?|微信号?|身份证号?)';

const telephoneRule = (source: string): Rule => ({
  class: 'telephone',
  pattern: rx(source),
  say: ({ text }) =>
    overTelephone(
      text
        .replace(/^\+/u, '加')
        .replace(/[-\s()（）]+/gu, '，')
        .replace(/^，|，$/gu, ''),
    ),
});

/** What is read sign by sign: addresses, telephone numbers, codes, rooms, trains. */
export const code: readonly Rule[] = [
  {
    class: 'electronic',
    pattern: rx(
      String.raw`(?<![A-Za-z0-9._+-])${label}(?:[.+]${label}){0,4}@${label}(?:\.${label}){1,5}|(?:https?:\/\/|www\.)${label}(?:\.${label}){0,5}(?::\d+)?(?:[/?#][A-Za-z0-9/?#=&%._~+-]*[A-Za-z0-9/])?`,
    ),
    say: ({ text }) => readOut(text),
  },
  {
    class: 'electronic',
    pattern: rx(
      String.raw`(?<![A-Za-z0-9@._-])(?=[0-9_-]{0,61}[A-Za-z])${label}(?:\.${label}){0,5}\.[a-z]{2,10}(?![A-Za-z0-9@])`,
    ),
    say: ({ text }) => readOut(text),
  },
  telephoneRule(String.raw`${begin}(?:\d{1,3}\.){3}\d{1,3}${finish}`),
  telephoneRule(String.raw`${begin}(?:\+?86[- ]?)?1[3-9]\d(?:\d{8}|[- ]\d{4}[- ]\d{4})${finish}`),
  telephoneRule(String.raw`${begin}(?:[(（]0\d{2,3}[)）] ?|0\d{2,3}[- ])\d{7,8}(?:-\d{1,4})?${finish}`),
  telephoneRule(String.raw`${begin}[48]00[- ]?\d{3}[- ]?\d{4}${finish}`),
  telephoneRule(String.raw`\+\d{1,3}(?:[ -]?\d{2,5}){2,5}${finish}`),
  telephoneRule(String.raw`(?<=${keyword}(?:号码)?(?:是|为|：|:|“| )*)\d{3,20}${finish}`),
  telephoneRule(
    String.raw`${begin}(?:1[12][0-9]|12306|12315|12345|10086|10000|10010|95\d{3})(?=电话|热线|客服|急救|报警)`,
  ),
  telephoneRule(String.raw`${begin}\d{3,4}(?=室|房间|号房|路公交|路车|航班)`),
  telephoneRule(String.raw`(?<=(?<![A-Za-z])(?:[GDCKTZ]|[A-Z]{2}))\d{1,4}(?=次|航班|号列车|列车)`),
];
