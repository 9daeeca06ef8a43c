import { describe, expect, it } from 'vitest';
import { segmentOf } from '../segment.ts';
import { particlesIn } from './particles.ts';

const counted = (text: string, language?: string) =>
  Object.fromEntries(particlesIn(text, language).map(({ text: spelled, count }) => [spelled, count]));

describe('particles', () => {
  it('are counted one by one in Chinese', () => {
    expect(counted('好吧，好啊，好嘛，嗯……你去吗？去啊！', 'zh-CN')).toEqual({ 吧: 1, 啊: 2, 嘛: 1, 嗯: 1, 吗: 1 });
    expect(counted('希望你以后能够做的比我还好呦。', 'zh')).toEqual({ 呦: 1 });
    expect(counted('甚至出现交易几乎停滞的情况', 'zh')).toEqual({});
  });

  it('are not counted inside words', () => {
    expect(counted('我们在酒吧，吧台旁有啦啦队。', 'zh')).toEqual({});
    expect(counted('来喝酒吧', 'zh')).toEqual({ 吧: 1 });
  });

  it('are words of their own in English, and only there', () => {
    expect(counted('Um, uh, ummm — the umbrella, uh-huh, hmm. Oh!', 'en')).toEqual({
      um: 2,
      uh: 1,
      'uh-huh': 1,
      hmm: 1,
      oh: 1,
    });
    expect(counted('Er kommt, um zu helfen. Ah!', 'de')).toEqual({});
    expect(counted('um café', 'pt')).toEqual({});
    expect(counted('嗯, um')).toEqual({ 嗯: 1, um: 1 });
  });

  it('stay in what is heard', () => {
    const said = ['嗯', '，', '好', '吧', '呢', ' um', ',', ' uh', '-huh', ' hmm'];
    const tokens = said.map((text, id) => ({ id, bytes: new TextEncoder().encode(text), logprob: -0.1 }));
    const heard = segmentOf({ speech: [{ startMs: 0, endMs: 2_000 }], tokens, times: null, confidenceSource: 'made' });
    expect(counted(heard?.text ?? '')).toEqual({ 嗯: 1, 吧: 1, 呢: 1, um: 1, 'uh-huh': 1, hmm: 1 });
  });
});
