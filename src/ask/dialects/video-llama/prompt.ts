import type { ChatMessage } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import type { MediaPart } from '#contract/media.ts';
import { wordsOf } from '../../question.ts';

/** A conversation as one text with a tag for each medium, the media in their order, and what ends the answer. */
export interface Prompt {
  readonly text: string;
  readonly stop: string;
  readonly media: readonly MediaPart[];
  readonly kind: 'image' | 'video';
}

interface Template {
  readonly stop: string;
  system(words: string): string;
  user(words: string): string;
  assistant(words: string): string;
}

/** The models built on Mistral; its system message is the beginning of the first turn. */
const MISTRAL: Template = {
  stop: '</s>',
  system: (words) => `${words}\n`,
  user: (words) => `[INST] ${words} [/INST]`,
  assistant: (words) => ` ${words}</s>`,
};

/** VideoLLaMA2.1 and 72B, built on Qwen2. */
const QWEN: Template = {
  stop: '<|im_end|>',
  system: (words) => `<|im_start|>system\n${words}<|im_end|>\n`,
  user: (words) => `<|im_start|>user\n${words}<|im_end|>\n<|im_start|>assistant\n`,
  assistant: (words) => `${words}<|im_end|>\n`,
};

/**
 * Writes a conversation for a VideoLLaMA2 worker, which answers about some pictures or one video, never about words alone.
 * Source: videollama2/serve/model_worker.py; the templates are those of the language models inside. Throws `ask.refused`.
 */
export function promptFor(messages: readonly ChatMessage[], model: string): Prompt {
  const media = messages.flatMap(mediaIn);
  const kinds = new Set(media.map(({ media: { kind } }) => kind));
  const [kind] = kinds;
  if ((kind !== 'image' && kind !== 'video') || kinds.size > 1 || (kind === 'video' && media.length > 1)) {
    throw new SensoriumError('ask.refused', 'A VideoLLaMA2 worker answers about some pictures or about one video.', {
      hint: 'Ask about pictures or one video at a time, or use the adapter in examples/video-llama.',
      details: { parts: media.map(({ media: { part } }) => part) },
    });
  }
  const template = /2\.1|72b|qwen/i.test(model) ? QWEN : MISTRAL;
  let text = '';
  let system = '';
  for (const message of messages) {
    const words = plain(wordsOf(message.content));
    if (message.role === 'system') system += template.system(words);
    else if (message.role === 'assistant') text += template.assistant(words);
    else {
      const tags = mediaIn(message).map(({ media: { kind } }) => `<${kind}>\n`);
      const turn = `${tags.join('')}${words}`;
      text += template === MISTRAL ? template.user(`${system}${turn}`) : `${system}${template.user(turn)}`;
      system = '';
    }
  }
  return { text, stop: template.stop, media, kind };
}

function mediaIn({ content }: ChatMessage): MediaPart[] {
  return typeof content === 'string' ? [] : content.flatMap((part) => (part.kind === 'media' ? [part.media] : []));
}

/** Words that a template would take for marks of its own get a gap: tags are counted, and turns end where they say so. */
function plain(words: string): string {
  return words.replaceAll(/<(?=(?:image|video|audio)>|\|im_|\/?s>)|\[(?=\/?INST\])/g, '$& ');
}
