export { type Fused, type FuseOptions, fuseRankings, type Ranking } from './fuse.ts';
export { openVectorStore, type VectorStoreOptions } from './open.ts';
export { spaceOf } from './space.ts';
