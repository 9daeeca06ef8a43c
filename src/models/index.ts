export type { CatalogueEntry } from './catalogue.ts';
export type { Preparation } from './prepare/preparation.ts';
export type { ModelStoreSettings, SourceId } from './settings.ts';
export { createModelStore, type LocalModelStore, type ModelStatus, type StoreContext } from './store.ts';
export type { ModelCheck } from './verify.ts';
