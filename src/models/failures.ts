import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import { errorCode } from './sources/reach.ts';

/** Turns what the file system says into our errors; anything else stays what it is. */
export async function asStoreError(
  error: unknown,
  model: string,
  folder: string,
  neededBytes: number,
): Promise<unknown> {
  if (isSensoriumError(error)) return error;
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    // The folder itself may not have come into being.
    const free = await statfs(dirname(folder)).catch(() => null);
    const freeBytes = free ? free.bavail * free.bsize : 0;
    return new SensoriumError(
      'models.disk-full',
      `The disk is full: ${model} needs up to ${megabytes(neededBytes)} more in ${folder}, ${megabytes(freeBytes)} are free.`,
      {
        hint: 'Free some space, or move the store to another disk with SENSORIUM_HOME; what has arrived is kept.',
        details: { model, neededBytes, freeBytes },
        cause: error,
      },
    );
  }
  if (/^(EACCES|EPERM|EROFS|ENOTDIR|EISDIR|EEXIST|EIO)$/.test(code)) {
    return new SensoriumError('models.cannot-write', `${model} cannot be written to ${folder} (${code}).`, {
      hint: 'Check who owns that folder, or choose another with SENSORIUM_HOME.',
      details: { model, folder },
      cause: error,
    });
  }
  return error;
}

/** The end of a pull when no source could give a file: names each one that was asked and what it said. */
export function noSourceLeft(
  model: string,
  path: string,
  tried: readonly string[],
  forbidden: readonly string[],
  mismatch: boolean,
): SensoriumError {
  const details = { model, file: path, tried, forbidden };
  const said = tried.map((line) => `\n  ${line}`).join('');
  if (mismatch) {
    return new SensoriumError('models.checksum-mismatch', `${path} of ${model} came with wrong content.${said}`, {
      hint: 'Nothing of it was kept. Try again later, or name another source first in models.sources.',
      details,
    });
  }
  if (forbidden.length > 0) {
    return new SensoriumError('models.offline', `${model} is not installed and the network is forbidden.${said}`, {
      hint: `Run \`sensorium models pull ${model}\` where the network is allowed, or set models.folder to a folder that has it.`,
      details,
    });
  }
  return new SensoriumError(
    'models.unreachable',
    tried.length > 0
      ? `No source could give ${path} of ${model}:${said}`
      : `None of the configured sources has ${path} of ${model}.`,
    {
      hint: 'Check the network, add a source this machine can reach to models.sources, or set models.folder to a folder that has it.',
      details,
    },
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
