import type { Phrases, Place, Places } from './phrases.ts';

const percent = (share: number) => `${Math.round(share * 100)}%`;

function at({ part, first, last, quote, other, alike }: Place): string {
  const where = `${part === null ? '' : `${part} `}第 ${first}${last > first ? `–${last}` : ''} 字`;
  if (quote === null) return where;
  const sound = alike === 'same' ? '同音' : alike === 'near' ? '音近' : '';
  return `${where}“${quote}${other === null ? '' : `/${other}`}”${sound}`;
}

function places({ count, isUnlikely, isAtLeast, example }: Places, what: string): string {
  return `${isAtLeast ? '至少' : isUnlikely ? '也许有' : '约'} ${count} 处${what}${example === null ? '' : `（${at(example)}）`}`;
}

/** What is told people in Chinese. */
export const chinese: Phrases = {
  dropped: (n) => `${n} 个部分没有送达模型`,
  blank: (n) => `${n} 张图片什么也没有传达`,
  unheard: (ms) => `有 ${(ms / 1000).toFixed(1)} 秒人声没有听出文字`,
  invented: (p) => `部分文字可能没有人说过${p === null ? '' : `（${percent(p)}）`}`,
  wrong: (share) => `文字约有 ${percent(share)} 是错的`,
  leftOut: (n) => `可能漏听约 ${n} 字`,
  misheard: (of) => places(of, '可能听错'),
  misread: (of) => places(of, '可能读错'),
  undescribed: '画面内容没有描述',
  unread: (n) => `有 ${n} 处文字没有读出`,
  notSpoken: (n) => `回答中有 ${n} 处没有念出`,
  other: (kinds, n) => {
    const named = kinds.slice(0, 2).map((kind) => chinese.kinds[kind]);
    return `另有 ${n} 项损失（${named.join('、')}${kinds.length > 2 ? '等' : ''}）`;
  },
  particles: (n) => `句末语气词可能缺 ${n} 处`,
  questions: (p) => `有句话可能只凭语调在发问（${percent(p)}）`,
  feelings: (n) => `有 ${n} 处声音里的情感没有告诉模型`,
  rare: (characters, glossed) => {
    const [first = null] = characters;
    const count = characters.length;
    const which = first === null ? `有 ${count} 个生僻字` : `“${first}”${count > 1 ? `等 ${count} 字` : ''}`;
    return `${which}模型未必认识${glossed ? '，已加注音' : ''}`;
  },
  unseen: (share) => `视频有 ${percent(share)} 的时间没有看`,
  alike: (of) => places(of, '与更常用的词同音').replace(/^约/, '有'),
  cues: (n) => `有 ${n} 处停顿与语调没有告诉模型`,
  toneUntold: '说话方式没有（全部）告诉模型',
  corrected: (accepted, proposed) => `已更正 ${accepted} 处${proposed > accepted ? `（提议 ${proposed} 处）` : ''}`,
  escalated: '可疑之处已附上原件',
  more: (n) => `账本里另有 ${n} 条`,
  nothingConverted: '没有需要转换的内容。',
  nothingDoubtful: '未发现可疑之处。',
  notAllMeasured: '已测量的方面未发现可疑之处，但并非都已测量。',
  and: '；',
  stop: '。',
  unknown: {
    errorRate: '错误有多少',
    deletedChars: '漏听的字',
    hallucination: '没人说过的字',
    particles: '缺少的语气词',
    prosody: '停顿与语调',
    questions: '语调里的疑问',
    emotion: '情感',
    written: '没有读出的文字',
    timeUnseen: '没有看的时间',
    tokenizer: '模型怎样切分文字',
    rareCharacters: '模型是否认识生僻字',
    homophones: '同音词',
  },
  kinds: {
    'doubtful-word': '可疑的词',
    'speech-without-words': '有声无字',
    'no-speech': '没有人声',
    repetition: '文字重复',
    compression: '文字反复',
    'improbable-text': '不像人说的话',
    'cut-in-speech': '在话中切断',
    'media-dropped': '媒体未送达',
    truncated: '文件不完整',
    clipped: '削波',
    noisy: '噪声大',
    'invalid-samples': '无效采样',
    paralinguistic: '说话方式',
    'not-spoken': '没有念出',
    'not-pronounced': '读不出音',
    'option-ignored': '选项未生效',
    'language-unsupported': '语言不支持',
    'text-truncated': '文字被截短',
    shortened: '缩短',
    'speech-failed': '语音失败',
    're-encoded': '重新编码',
    downscaled: '缩小',
    'frames-sampled': '抽帧',
    'sound-dropped': '声音未送达',
    rearranged: '重新排列',
    'fell-back': '改用后备',
    'doubtful-character': '可疑的字',
    'unwritable-character': '识别器写不出的字',
    'small-print': '小字',
    'not-described': '没有描述',
    layout: '版面',
    'page-unread': '页面未读',
    'script-converted': '简繁转换',
    'readers-disagree': '两次识别不一致',
    'vectors-drifted': '向量异常',
    'not-retrieved': '未检索到',
  },
};
