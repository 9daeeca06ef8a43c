/**
 * What a round trip is made over: Latin, Han, Arabic and Cyrillic, with digits, signs and code. The first four are for every start;
 * the length of each is that of a sentence, so that a start takes seconds and not minutes.
 */
export const SAMPLE_TEXTS: readonly string[] = [
  'The train to Leeds leaves at 7:45 from platform 3.',
  '会议改到星期四下午三点，请带上合同。',
  'القطار يصل في الساعة السابعة صباحا.',
  'Поезд прибывает в семь часов утра.',
  'Please call Dr. Nguyen back before noon; her number is 555-0199.',
  'for (let i = 0; i < rows.length; i++) total += rows[i];',
  'It was, as they say, “not nothing” — and yet…',
  'Add 2 tsp of salt, 250 ml of water and bring to the boil.',
  '这家店的牛肉面很好吃，但是人太多了。',
  '温度降到零下五度，路面结冰，注意安全。',
  '他说：“明天见”，然后挂了电话。',
  'شكرا جزيلا على مساعدتكم اليوم.',
  'هل يمكنك إرسال الملف مرة أخرى؟',
  'Сколько стоит билет до Москвы?',
  'Он сказал, что вернётся завтра вечером.',
  'Mixed: 会议 at 10 — встреча, موعد 🙂.',
];

/** How many of them are enough at a start. */
export const AT_EVERY_START = 4;
