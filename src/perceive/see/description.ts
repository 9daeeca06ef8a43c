import type { Pixels } from '#contract/media.ts';
import type { Description } from '#contract/perception.ts';
import type { CallContext, Describer } from '#contract/ports.ts';

/** Has somebody say what a picture shows; `written` is what was read in it. */
export async function descriptionOf(
  picture: {
    readonly part: string;
    readonly pixels: Pixels;
    readonly language: 'en' | 'zh';
    readonly written: string;
  },
  describer: Describer,
  context: CallContext,
): Promise<Description> {
  const { text } = await describer.describe(picture, context);
  return { text, engine: describer.id, omits: [] };
}
