import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SensoriumError } from '#contract/error.ts';

/**
 * Packages that users install when they need them, what each is for, the range this version was tried with, and whether
 * the main job needs it.
 */
export const OPTIONAL_PACKAGES = {
  'onnxruntime-node': { purpose: 'runs the speech and voice models', range: '^1.30.0', needed: true },
  'node-llama-cpp': { purpose: 'runs language models on this machine', range: '^3.22.0', needed: true },
  '@fugood/llama.node': {
    purpose: 'lets language models on this machine see and hear by themselves',
    range: '^1.7.15',
    needed: false,
  },
  sharp: { purpose: 'decodes pictures', range: '^0.35.5', needed: false },
  'sherpa-onnx-node': {
    purpose: 'runs SenseVoice, Paraformer and Zipformer, and tells speakers apart',
    range: '^1.13.8',
    needed: false,
  },
  '@huggingface/transformers': { purpose: 'describes pictures with Florence-2', range: '^4.3.1', needed: false },
  '@embedpdf/pdfium': { purpose: 'reads PDF documents', range: '^2.15.1', needed: false },
  koffi: { purpose: 'hands vectors to language models on this machine', range: '^3.3.4', needed: false },
  '@lancedb/lancedb': { purpose: 'keeps vectors on this machine', range: '>=0.37.1 <0.38', needed: false },
  'sqlite-vec': { purpose: 'keeps vectors in one small file', range: '^0.1.9', needed: false },
  libsql: { purpose: 'opens that file', range: '^0.5.29', needed: false },
  pg: { purpose: 'keeps vectors in PostgreSQL with pgvector', range: '^8.23.1', needed: false },
  '@zilliz/milvus2-sdk-node': { purpose: 'keeps vectors in Milvus', range: '^3.0.6', needed: false },
  'wasm-media-encoders': { purpose: 'writes MP3 where there is no ffmpeg', range: '^0.7.0', needed: false },
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

/** The installed version of an optional package, found without loading it; `null` when it is not there. */
export function installedVersion(name: OptionalPackage): string | null {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    const manifest = join(folder, name, 'package.json');
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).version;
  }
  return null;
}
