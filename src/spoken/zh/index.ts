import type { Rule } from '../rule.ts';
import { cardinals } from './cardinal.ts';
import { code } from './code.ts';
import { date, time } from './date.ts';
import { measure, money } from './measure.ts';
import { symbol } from './symbol.ts';

/** What a Chinese voice reads, most particular first. */
export const chinese: readonly Rule[] = [...code, ...date, ...time, ...money, ...measure, ...cardinals, ...symbol];
