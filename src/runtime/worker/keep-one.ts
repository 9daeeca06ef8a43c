/**
 * Keeps what a model process has loaded: once for all who ask for the same folder, and the latest folder only. What failed
 * to load is tried again with the next call.
 */
export function keepOne<T>(load: (modelDir: string) => Promise<T>): (modelDir: string) => Promise<T> {
  let kept: { readonly modelDir: string; readonly model: Promise<T> } | undefined;
  return (modelDir) => {
    if (kept?.modelDir === modelDir) return kept.model;
    const mine = { modelDir, model: load(modelDir) };
    kept = mine;
    mine.model.catch(() => {
      if (kept === mine) kept = undefined;
    });
    return mine.model;
  };
}
