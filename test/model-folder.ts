import { loadConfig } from '#config/index.ts';
import { openSensorium } from '#pipeline/index.ts';

/** The folder of a model in this machine's store, fetched first if it is not there. */
export function modelFolder(model: string): Promise<string> {
  return openSensorium(loadConfig()).models.ensure(model, { signal: new AbortController().signal });
}
