import { it } from 'vitest';
import { pythonFor } from './judge.ts';

/** The Python that has what a requirements file here names; `null`, said aloud, where it cannot be had. */
export async function preparedPython(requirements: string): Promise<string | null> {
  try {
    return await pythonFor(requirements);
  } catch (error) {
    const why = error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error);
    console.log(`servers: ${requirements}: left out: ${why}`);
    it.skip(`${requirements} could not be installed: ${why}`, () => {});
    return null;
  }
}
