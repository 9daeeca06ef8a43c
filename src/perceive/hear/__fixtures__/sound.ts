import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TimeSpan } from '#contract/finding.ts';
import type { Sound } from '#contract/media.ts';

/** Sound from samples, handed out in chunks of `chunk` samples. */
export function soundOf(samples: Float32Array, chunk = 4_000): Sound {
  return {
    sampleRateHz: 16_000,
    async *pcm() {
      for (let at = 0; at < samples.length; at += chunk) yield samples.slice(at, at + chunk);
    },
  };
}

/** A buzz wherever there is speech and silence elsewhere: enough for code that does not listen. */
export function buzz(durationMs: number, speech: readonly TimeSpan[]): Float32Array {
  const samples = new Float32Array(durationMs * 16);
  for (const { startMs, endMs } of speech) {
    for (let at = Math.round(startMs * 16); at < Math.min(samples.length, endMs * 16); at += 1) {
      samples[at] = 0.3 * Math.sin(at / 12);
    }
  }
  return samples;
}

export interface DataRow {
  readonly file: string;
  readonly modality: string;
  readonly lang: string;
  readonly text: string | null;
  readonly labels: { readonly normalized_text?: string };
}

const data = new URL('../../../../../shared/data/', import.meta.url).pathname;

/** The recordings with known text that lie beside the repository; `null` when they do not. */
export function dataRows(): readonly DataRow[] | null {
  const manifest = join(data, 'manifest.jsonl');
  if (!existsSync(manifest)) return null;
  const rows = readFileSync(manifest, 'utf8').trim().split('\n');
  return rows.map((row) => JSON.parse(row) as DataRow);
}

export function dataPath(file: string): string {
  return join(data, file);
}
