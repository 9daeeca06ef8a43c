import { SensoriumError } from '#contract/error.ts';

/** Heavy packages that users install when they need them, what each is for, and the range this version was tried with. */
export const OPTIONAL_PACKAGES = {
  'onnxruntime-node': { purpose: 'runs the speech and voice models', range: '^1.30.0' },
  '@huggingface/transformers': { purpose: 'runs speech recognition', range: '^4.3.0' },
  'node-llama-cpp': { purpose: 'runs language models on this machine', range: '^3.22.0' },
} as const;

export type OptionalPackage = keyof typeof OPTIONAL_PACKAGES;

/** Loads an optional package through `load`, or says in one sentence what to install. */
export async function loadOptional<T>(name: OptionalPackage, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new SensoriumError(
      'runtime.package-missing',
      `${name} is not installed; it ${OPTIONAL_PACKAGES[name].purpose}.`,
      {
        hint: `Install it: npm install ${name}@${OPTIONAL_PACKAGES[name].range}`,
        details: { package: name },
        cause: error,
      },
    );
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as { code?: string } | null)?.code;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}
