/** What somebody might ask for, in other words than those said or written, and the files that answer it. Paths are in the shared data, or in this project (`docs/`). */
export interface Question {
  readonly kind: 'recording' | 'picture' | 'video' | 'text';
  readonly language: 'en' | 'zh';
  readonly asks: string;
  readonly answers: readonly string[];
}

type Row = readonly [asks: string, ...answers: string[]];

const rows = (kind: Question['kind'], language: Question['language'], all: readonly Row[]): Question[] =>
  all.map(([asks, ...answers]) => ({ kind, language, asks, answers }));

export const QUESTIONS: readonly Question[] = [
  ...rows('recording', 'en', [
    ['a president asks citizens to serve their nation', 'audio/en_jfk.wav'],
    ['how printing is unlike the other arts', 'audio/en_LJ001-0001.wav'],
    ['it is rather recent', 'audio/en_LJ001-0002.wav'],
    ['the first Bible made with a printing press', 'audio/en_LJ001-0007.wav'],
    ['the youth had no evil character', 'audio/en_sense_0880.wav'],
    ['he could have become a friendly person', 'audio/en_sense_0930.wav'],
    ['asking for the forecast', 'audio/en_weather_mulaw16k.wav', 'audio/mix_zh_en_zh.wav'],
    ['children chatting near the entrance', 'audio/en_emo_neutral_a01.wav', 'audio/en_emo_happy_a02.wav'],
    ['animals resting at the entrance', 'audio/en_emo_angry_a05.wav', 'audio/en_emo_sad_a06.wav'],
  ]),
  ...rows('recording', 'zh', [
    ['市场上几乎没有人买卖', 'audio/zh_aishell_0764_0121.wav'],
    ['方案可以做，但是要再想想', 'audio/zh_plan.wav'],
    ['脚疼，所以买了垫在鞋里的东西', 'audio/zh_insoles.wav', 'audio/mix_zh_en_zh.wav'],
    ['期待你将来超过我', 'audio/zh_hope_f32.wav'],
    ['秋天叶子变色掉落', 'audio/zh_tts_ginkgo.wav'],
    ['傍晚的阳光照在路上', 'audio/zh_tts_dusk.wav'],
    ['给美国的客服热线建立项目', 'audio/zh_tts_callcentre.wav'],
    ['春夏秋冬你更爱哪一个', 'audio/mix_zh_en_zh.wav'],
  ]),
  ...rows('picture', 'en', [
    ['sample page for trying out character recognition', 'image/en_testocr.png'],
    ['quotation marks and a backslash', 'image/en_escape_chars.png'],
    ['a greeting to everybody on earth', 'image/mix_hello.jpg'],
    ['an orange insect on a flower', 'image/scene_monarch_butterfly.jpg'],
  ]),
  ...rows('picture', 'zh', [
    ['试一试传统字形的中文', 'image/zh_hant_test.png'],
    ['在互联网上用手机付钱', 'image/zh_payment.png'],
    ['说自己国籍的一句话', 'image/zh_exif_rotated.jpg'],
  ]),
  ...rows('video', 'en', [['a command with a colour, a letter and a number', 'video/en_grid_bbaf2n.mpg']]),
  ...rows('text', 'en', [
    ['how many requests may one key make', 'docs/server.md', 'docs/threat-model.md'],
    ['fit confidences on recordings of my own', 'docs/guides/calibrate.md'],
    ['use the models of Alibaba', 'docs/guides/qwen.md'],
    ['make words of pictures, films and office files', 'docs/guides/perceiving.md'],
    ['what went missing when speech became writing', 'docs/guides/loss-ledger.md'],
    ['run a model with Ollama or LM Studio', 'docs/guides/self-hosted.md', 'docs/guides/llama.md'],
  ]),
  ...rows('text', 'zh', [
    ['一个密钥可以发多少请求', 'docs/server.zh.md', 'docs/threat-model.zh.md'],
    ['用自己的录音拟合置信度', 'docs/guides/calibrate.zh.md'],
    ['使用阿里巴巴的模型', 'docs/guides/qwen.zh.md'],
    ['把图片、视频和办公文件变成文字', 'docs/guides/perceiving.zh.md'],
    ['语音变成文字时丢了什么', 'docs/guides/loss-ledger.zh.md'],
    ['在自己的机器上运行模型服务器', 'docs/guides/self-hosted.zh.md', 'docs/guides/llama.zh.md'],
  ]),
];
