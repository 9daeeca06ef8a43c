import { isSensoriumError, SensoriumError } from '#contract/error.ts';

const FULL = /no space left on device|os error 28|os error 122|quota exceeded|ENOSPC|EDQUOT|database or disk is full/i;
const CONFLICT = /commit conflict|concurrent (writers|modification)|preempted by concurrent|conflicting/i;

/** Whether another process was faster and trying again will do. */
export function isConflict(error: unknown): boolean {
  return CONFLICT.test(String(error));
}

/** What an engine or the file system said, as `store.disk-full` or `store.unusable`. */
export function storeFailure(error: unknown, folder: string): SensoriumError {
  if (isSensoriumError(error)) return error;
  if (FULL.test(`${String(error)} ${(error as NodeJS.ErrnoException | null)?.code ?? ''}`)) {
    return new SensoriumError(
      'store.disk-full',
      'The disk that holds the vector store is full; nothing of this was added.',
      {
        hint: 'Free some space there. Searching goes on meanwhile.',
        details: { folder },
        cause: error,
      },
    );
  }
  return new SensoriumError('store.unusable', `The vector store could not do it: ${firstLine(error)}`, {
    hint: 'Look whether its folder can be read and written by this user; sensorium store stats says what is in it.',
    details: { folder },
    cause: error,
  });
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? '').replace(/, location: .*$/, '').slice(0, 300);
}
