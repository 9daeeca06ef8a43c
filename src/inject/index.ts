export { type LocalVectorModel, type LocalVectorModelOptions, openLocalVectorModel } from './engine/local.ts';
