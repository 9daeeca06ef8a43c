import { SensoriumError } from '#contract/error.ts';

/** The kind and the folder in `clip:/srv/clip`, `clip:./clip` or `clip:C:\clip`; `null` in any other name. */
export function folderNamed(id: string): { readonly kind: string; readonly folder: string } | null {
  const [, kind, folder] = /^([a-z0-9-]+):([/\\.~].*|[a-z]:[/\\].*)$/is.exec(id) ?? [];
  return kind === undefined || folder === undefined ? null : { kind, folder };
}

/** The error a folder becomes that holds no model that could be used. */
export function unusable(folder: string, why: string, hint?: string, cause?: unknown): SensoriumError {
  return new SensoriumError('embed.model-unusable', `There is no embedder to be used in ${folder}: ${why}.`, {
    hint: hint ?? 'Get all files of its ONNX release again; they may be missing, broken or of another model.',
    cause,
  });
}
