/** The value in the middle, the upper one of two; `otherwise` where there is none. */
export function median<Otherwise>(values: readonly number[], otherwise: Otherwise): number | Otherwise {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? otherwise;
}
