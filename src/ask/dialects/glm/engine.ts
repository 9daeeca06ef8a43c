import type { LanguageModel } from '#contract/ports.ts';
import { glmHeaders, glmMeaning } from '#upstream/glm.ts';
import { openAi } from '../openai/engine.ts';
import type { RemoteOptions } from '../remote.ts';
import { changeBody } from './body.ts';
import { readGlmChunk } from './chunk.ts';
import { glmPart, hasPlaceIn } from './parts.ts';
import { withoutMarks } from './spoken-text.ts';

/**
 * A model of Zhipu’s, in China or at Z.ai. The dialect `glm-jwt` sends a signed token in place of the key. Throws
 * `ask.key-refused` for a key that cannot sign.
 */
export function glm(options: RemoteOptions, dialect: 'glm' | 'glm-jwt' = 'glm'): LanguageModel {
  return openAi(options, {
    authorise: glmHeaders({ ...options, dialect }, 'ask'),
    accepts: hasPlaceIn(options.capabilities),
    wirePart: glmPart,
    changeBody,
    readChunk: readGlmChunk,
    classify: glmMeaning,
    spokenText: withoutMarks,
  });
}
