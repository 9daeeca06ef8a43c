import type { MediaKind } from '#contract/media.ts';
import type { PlanStep } from '#contract/plan.ts';
import type { Way } from './ways.ts';

const KIND_ZH: Readonly<Record<MediaKind, string>> = {
  audio: '录音',
  image: '图片',
  video: '视频',
  document: '文档',
  text: '文本',
};

/** Says in one sentence, in English and in Chinese, which way a part goes and why. `missed` is the better way not taken. */
export function explain(
  step: Pick<PlanStep, 'part' | 'kind' | 'engine' | 'form' | 'beside'>,
  chosen: Way | undefined,
  missed: Way | undefined,
  model: string,
): PlanStep['explanation'] {
  const { part, kind, engine, form, beside } = step;
  const what = { en: `${part} (${kind})`, zh: `${part}（${KIND_ZH[kind]}）` };
  const because = missed
    ? { en: ` because ${becauseEn(missed, kind, model)}`, zh: `，因为${spaced(becauseZh(missed, kind, model))}` }
    : null;
  const sense = kind === 'image' || kind === 'document' ? { en: 'reads', zh: '读' } : { en: 'hears', zh: '听' };
  const withText = beside
    ? {
        en: `, with what ${beside.engine} ${sense.en} in it beside it`,
        zh: `，并附上 ${beside.engine} ${sense.zh}到的文字`,
      }
    : { en: '', zh: '' };
  const sentence = (en: string, zh: string) => ({ en: `${what.en} ${en}.`, zh: `${what.zh}${zh}。` });
  switch (chosen?.route) {
    case 'native':
      if (form === 'frames') {
        return sentence(
          `reaches ${model} as frames chosen where the picture changes${withText.en}, because it takes no video but sees pictures`,
          `以画面变化处的帧交给 ${model}${withText.zh}，因为它不接受视频但能看图片`,
        );
      }
      if (form === 'pages') {
        return sentence(
          `reaches ${model} as pictures of its pages${withText.en}, because it takes no document but sees pictures`,
          `以每页的图片交给 ${model}${withText.zh}，因为它不接受文档但能看图片`,
        );
      }
      return chosen.why === 'trial'
        ? sentence(
            `is handed to ${model} as a trial${withText.en}: nobody has established whether it takes ${kind}`,
            `试着原样交给 ${model}${withText.zh}：还没有人确认它是否接受${KIND_ZH[kind]}`,
          )
        : sentence(
            `goes to ${model} as it is${withText.en}: it takes ${kind} itself`,
            `原样交给 ${model}${withText.zh}：它本身接受${KIND_ZH[kind]}`,
          );
    case 'text':
      if (kind === 'text') return sentence('goes in as the text it is', '本身就是文本，直接放入');
      return sentence(
        `is turned into text by ${engine}${because?.en ?? ', as was asked for'}`,
        `由 ${engine} 转成文本${because?.zh ?? '，这是你要求的'}`,
      );
    case 'embedding':
      return sentence(`goes in as vectors made by ${engine}`, `由 ${engine} 转成向量放入`);
    default:
      return sentence(`does not reach ${model}${because?.en ?? ''}`, `没有到达 ${model}${because?.zh ?? ''}`);
  }
}

function becauseEn({ why }: Way, kind: MediaKind, model: string): string {
  if (why === 'no-form') return `there is no way to hand this ${kind} to ${model}`;
  if (why === 'unknown') return `nobody has established whether ${model} takes ${kind}`;
  if (why === 'refuses') return `${model} does not take ${kind}`;
  if (why === 'pages') return `${model} would only see pictures of some of its pages`;
  return 'that is what was asked for';
}

function becauseZh({ why }: Way, kind: MediaKind, model: string): string {
  if (why === 'no-form') return `没有办法把这个${KIND_ZH[kind]}交给 ${model}`;
  if (why === 'unknown') return `还没有人确认 ${model} 是否接受${KIND_ZH[kind]}`;
  if (why === 'refuses') return `${model} 不接受${KIND_ZH[kind]}`;
  if (why === 'pages') return `${model} 只能看到其中几页的图片`;
  return '这是你要求的';
}

/** Latin letters stand apart from Chinese characters. */
function spaced(words: string): string {
  return /^[!-~]/.test(words) ? ` ${words}` : words;
}
