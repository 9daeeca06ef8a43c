import { textGiven } from '#contract/perception.ts';
import type { ComponentInput, EmbeddingComponent, VectorModel } from '#contract/ports.ts';
import type { ComponentManifest, ModelFingerprint } from '#contract/prompt-vectors.ts';
import { ownSpace, promptVectors, unusable } from './vectors.ts';

/**
 * Text as rows of the model's own table, a row a token: to the model it is the text itself. It proves the way in, and nothing is
 * gained by it.
 */
export async function identity(model: VectorModel, signal: AbortSignal): Promise<EmbeddingComponent> {
  const space = await ownSpace(model, 'identity', signal);
  return {
    manifest: ownTableManifest('identity', 'identity', ['text'], space.fingerprint),
    embed: async (input, context) => {
      const surrogate = wordsOf(input, 'identity');
      const values = await space.rows(await space.tokenize(surrogate, context.signal), context.signal);
      return promptVectors({
        ...{ part: input.part, width: space.fingerprint.width, values },
        ...{ surrogate, component: 'identity' },
      });
    },
    close: async () => {},
  };
}

/** The manifest of a component that is made of the model's own table: nothing was fitted and there are no files. */
export function ownTableManifest(
  id: string,
  kind: 'identity' | 'own-table',
  takes: ComponentManifest['takes'],
  target: ModelFingerprint,
): ComponentManifest {
  return {
    schema: 'embedding-component/1',
    ...{ id, kind, takes, target },
    ...{ encoder: null, projectorSha256: null, vectorsPer: '1 a token', statistics: null, calibration: null },
  };
}

/** The words of an input: its text, or what a language model would be given of what was perceived. Empty is refused. */
export function wordsOf({ part, text, perception }: ComponentInput, component: string): string {
  const words = text ?? (perception && textGiven(perception));
  if (words?.trim()) return words;
  throw unusable(component, `there are no words in ${part} for it.`, 'Let the part be perceived first.');
}
