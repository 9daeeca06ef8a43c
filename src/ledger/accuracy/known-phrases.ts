/**
 * What recognisers that learned from subtitles write where nobody speaks, without spaces and punctuation: credits, and what is said at the end of
 * videos. Such lists help and catch not all (arXiv 2501.11378). What people say as often (“thank you”, “bye”) is not here. These are a whole stretch.
 */
const WHOLE: ReadonlySet<string> = new Set([
  'you',
  'thankyouforwatching',
  'thanksforwatching',
  'seeyounexttime',
  'seeyouinthenextvideo',
  'pleasesubscribe',
  'pleasesubscribetomychannel',
  'dontforgettosubscribe',
  '谢谢观看',
  '感谢观看',
  '謝謝觀看',
  '感謝觀看',
  '中文字幕',
  '字幕',
  '我们下期再见',
  '我們下期再見',
  '下期再见',
  '下集再见',
  'ご視聴ありがとうございました',
]);

/** Those that go on with a name. */
const BEGINNINGS: readonly string[] = [
  'subtitlesby',
  'captionsby',
  'captioningby',
  'transcribedby',
  'transcriptionby',
  'translatedby',
  'subtitlesbytheamaraorgcommunity',
  'untertitelderamaraorg',
  'untertitelungdes',
  'soustitresréalisés',
  '字幕由',
  '字幕by',
  '字幕志愿者',
  '字幕製作',
  '字幕制作',
  '字幕提供',
  '中文字幕志愿者',
  '请不吝点赞',
  '請不吝點贊',
  '請不吝點讚',
  '请点赞订阅',
  '优优独播剧场',
  '優優獨播劇場',
  '本字幕由',
];

/** Longer than this a text is no credit. */
const LONGEST = 60;

/** Whether a stretch of text is what recognisers are known to make up. People also say some of it. */
export function isKnownPhrase(text: string): boolean {
  if (text.length > LONGEST) return false;
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '');
  return WHOLE.has(plain) || BEGINNINGS.some((beginning) => plain.startsWith(beginning));
}
