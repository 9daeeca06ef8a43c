import { join } from 'node:path';
import type { ModelStore } from '#contract/ports.ts';
import { type CatalogueEntry, openCatalogue } from './catalogue.ts';
import type { ModelStoreSettings } from './settings.ts';

/** What is handed to every long call of the store. */
export type StoreContext = Parameters<ModelStore['ensure']>[1];

/** A model of the catalogue and how much of it is here. */
export interface ModelStatus {
  readonly id: string;
  readonly title: string;
  readonly stage: CatalogueEntry['stage'];
  readonly license: string;
  readonly languages: readonly string[];
  readonly homepage: string;
  readonly files: number;
  /** Of the files the catalogue pins, prepared files not counted. */
  readonly sizeBytes: number;
  readonly installed: boolean;
  readonly folder: string;
}

/** What hashing every file of a model anew showed. */
export interface ModelCheck {
  readonly model: string;
  readonly folder: string;
  readonly good: boolean;
  readonly files: readonly { readonly path: string; readonly state: 'good' | 'missing' | 'damaged' }[];
}

/** The model store as those see it who look after it. */
export interface LocalModelStore extends ModelStore {
  list(): Promise<readonly ModelStatus[]>;
  /** The same as `ensure`, by the name the command has. */
  pull(model: string, context: StoreContext): Promise<string>;
  /** Hashes every file. What is missing or damaged is fetched again by the next `ensure`. */
  verify(model: string, context: StoreContext): Promise<ModelCheck>;
  /** Removes a model's files, also half-fetched ones, and says how many bytes that freed. */
  remove(model: string): Promise<{ readonly freedBytes: number }>;
  /** Where the model is, or would be. */
  path(model: string): string;
}
