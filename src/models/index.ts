export type { CatalogueEntry } from './catalogue.ts';
export type { Preparation } from './prepare/preparation.ts';
export type { ModelStoreSettings, SourceId } from './settings.ts';
export type { LocalModelStore, ModelCheck, ModelStatus, StoreContext } from './store.ts';
