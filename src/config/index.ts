export { type LoadedConfig, loadConfig, type Origin } from './load.ts';
export { Config } from './schema.ts';
export { listSettings, type Setting } from './show.ts';
