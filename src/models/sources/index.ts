import { folder } from './folder.ts';
import { huggingface } from './huggingface.ts';
import { inline } from './inline.ts';
import { mirror } from './mirror.ts';
import { modelscope } from './modelscope.ts';
import { npm } from './npm.ts';
import { pip } from './pip.ts';
import type { SourceKind } from './source.ts';
import { url } from './url.ts';

/** Every place a model's file may come from. One line each; the order of use is the user's. */
export const SOURCES: readonly SourceKind[] = [inline, folder, mirror, huggingface, modelscope, npm, pip, url];
