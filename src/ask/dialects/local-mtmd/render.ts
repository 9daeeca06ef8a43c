import type { ChatMessage } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import type { Media, MediaPart } from '#contract/media.ts';
import { MEDIA_MARK } from '#runtime/mtmd.ts';
import { wordsAndMedia } from '../../question.ts';
import { historyOf } from '../local-llama/render.ts';

/** One turn as the library takes it: words in which a mark stands for each medium. */
export interface Turn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** Forms that the library decodes itself: of pictures by stb_image, of sound by miniaudio. It would see only one frame of a GIF. */
const FORMS: ReadonlySet<string> = new Set([
  ...['image/png', 'image/jpeg', 'image/bmp'],
  ...['audio/wav', 'audio/vnd.wave', 'audio/mpeg', 'audio/flac'],
]);

/** Whether a medium can be handed over in this form. */
export function canBeHanded({ kind, mimeType }: Pick<Media, 'kind' | 'mimeType'>): boolean {
  return FORMS.has(mimeType) && (kind === 'image' || kind === 'audio');
}

/** A conversation with marks where its media were, and the media in their order. Throws `ask.refused` for other forms. */
export function turnsOf(messages: readonly ChatMessage[]): { readonly turns: Turn[]; readonly media: MediaPart[] } {
  const media: MediaPart[] = [];
  const marked = messages.map((message) => ({
    ...message,
    content:
      typeof message.content === 'string'
        ? inert(message.content)
        : wordsAndMedia(message.content).map((part) => {
            if (part.kind === 'text') return { ...part, text: inert(part.text) };
            if (!canBeHanded(part.media.media)) throw noPlace(part.media.media);
            media.push(part.media);
            return { kind: 'text', text: MEDIA_MARK } as const;
          }),
  }));
  const turns = historyOf(marked).flatMap((item): Turn[] => {
    if (item.type === 'model') {
      const content = item.response.map(String).join('\n');
      return content === '' ? [] : [{ role: 'assistant', content }];
    }
    return [{ role: item.type, content: String(item.text) }];
  });
  return { turns, media };
}

/** Marks of the library and of the usual chat templates, by their beginning. */
const MARKS = /<(?=__media__>|\|[^<>\s]{1,40}\|>|\/?s>|(?:start|end)_of_turn>|[be]os>)|\[(?=\/?INST\])/g;

/**
 * Words that hold no mark: the library reads a prompt as one text, so a mark that somebody writes would count as one. A space
 * of no width keeps it apart.
 */
export function inert(words: string): string {
  return words.replace(MARKS, '$&\u200b');
}

function noPlace({ part, mimeType }: Media): SensoriumError {
  return new SensoriumError(
    'ask.refused',
    `${part} is ${mimeType}, which cannot be handed to a local model as it is.`,
    {
      hint: 'Give pictures as PNG, JPEG or BMP, sound as WAV, MP3 or FLAC.',
      details: { part, mimeType },
    },
  );
}
