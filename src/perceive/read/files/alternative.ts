/** Alternative text as far as it says something: the name of a file, which programs put there, does not. */
export function saying(alt: string): string {
  const words = alt.replaceAll(/\s+/g, ' ').trim();
  return /^\S+\.(png|jpe?g|gif|bmp|tiff?|webp|emf|wmf|svg)$/i.test(words) ? '' : words;
}
