/** What is read to a model twice, as tokens and as rows of its own table: four scripts, digits, signs, an emoji, code. */
export const ROUND_TRIP_TEXTS: readonly string[] = [
  'The quick brown fox jumps over the lazy dog.',
  'Train 47 leaves platform 9 at 18:05, not 18:50.',
  'if (a < b && !done) { return items[0]; }',
  'Café, naïve, Straße, œuvre, smörgåsbord.',
  '今天下午三点在会议室开会。',
  '他姓葛，不姓郭；住在重庆。',
  '𠮷野家的牛肉饭卖 38 元一份。',
  '龘靐齉爩 are four rare characters.',
  'Сегодня идёт дождь, и улицы пусты.',
  'Щука плывёт в 3 метрах от берега.',
  'Ёлка, объект, съезд — 100 %.',
  'Где моя синяя шапка?',
  'الجو جميل اليوم في المدينة.',
  'وصل القطار الساعة ٩ صباحًا.',
  'أين كتابي الجديد؟',
  '🙂 مرحبا, привет, 你好, hello!',
];
