import { describe, expect, it } from 'vitest';
import { countedIn, particlePlaces, particlesIn } from './particles.ts';

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

  it('have places, in code points', () => {
    expect(particlePlaces('𬬱酒吧，去吧')).toEqual([{ at: 5, text: '吧' }]);
  });

  it('are told apart from hesitations', () => {
    const kinds = particlesIn('嗯，好吧，呃', 'zh').map(({ kind, text }) => [text, kind]);
    expect(kinds).toEqual([
      ['嗯', 'filler'],
      ['吧', 'particle'],
      ['呃', 'filler'],
    ]);
  });

  it('are counted in traditional characters, and fillers in their own language', () => {
    expect(counted('你去嗎？去喲', 'zh-TW')).toEqual({ 嗎: 1, 喲: 1 });
    expect(counted('Äh, ich … ähm, gehe eh hin. Hm.', 'de')).toEqual({ äh: 1, ähm: 1, hm: 1 });
    expect(counted('Euh, je ne sais pas', 'fr')).toEqual({ euh: 1 });
    expect(counted('えーと、あのー、そうですね', 'ja')).toEqual({ えーと: 1, あのー: 1 });
    expect(countedIn('pt')).toEqual({ particles: false, fillers: false });
    expect(countedIn('yue-Hant')).toEqual({ particles: true, fillers: true });
    expect(countedIn('de')).toEqual({ particles: false, fillers: true });
  });
});
