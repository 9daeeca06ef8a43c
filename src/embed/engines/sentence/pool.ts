/** The mean of the first `rows` rows of a table that is `width` wide: what the model says of each token, filling left out. */
export function meanOf(table: Float32Array, rows: number, width: number): Float32Array {
  const mean = new Float32Array(width);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < width; column += 1) {
      mean[column] = (mean[column] ?? 0) + (table[row * width + column] ?? 0) / rows;
    }
  }
  return mean;
}
