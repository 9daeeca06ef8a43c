import type { Rule } from '../rule.ts';
import { rx } from './pattern.ts';

const named: Readonly<Record<string, string>> = {
  '&': '和',
  '＆': '和',
  '@': '艾特',
  '%': '百分号',
  '+': '加',
  '＋': '加',
  '=': '等于',
  '＝': '等于',
  '×': '乘以',
  '÷': '除以',
  '−': '减',
  '±': '正负',
  '≈': '约等于',
  '≠': '不等于',
  '≤': '小于等于',
  '≥': '大于等于',
  '√': '根号',
  '∞': '无穷大',
  π: '派',
  '°': '度',
  '℃': '摄氏度',
  '℉': '华氏度',
  '№': '第',
  '→': '到',
  '²': '的平方',
  '³': '的立方',
};

/** Signs with a name. */
export const symbol: readonly Rule[] = [
  { class: 'math', pattern: rx(String.raw`(?<=\d ?)\*(?= ?\d)`), say: () => '乘以' },
  { class: 'math', pattern: rx(String.raw`(?<=[\p{L}\d] ?)[<＜](?= ?\d)`), say: () => '小于' },
  { class: 'math', pattern: rx(String.raw`(?<=[\p{L}\d] ?)[>＞](?= ?\d)`), say: () => '大于' },
  { class: 'symbol', pattern: rx('(?<=(?<![A-Za-z])[CF])#'), say: () => ' sharp' },
  { class: 'symbol', pattern: rx(String.raw`#(?=\d)`), say: () => '第' },
  { class: 'symbol', pattern: rx('#'), say: () => '' },
  { class: 'symbol', pattern: rx('[&＆@%+＋=＝×÷−±≈≠≤≥√∞π°℃℉№→²³]'), say: ({ text }) => named[text] ?? null },
];
