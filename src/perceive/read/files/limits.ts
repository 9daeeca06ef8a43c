/**
 * What a document may cost. Chosen so that the worst file ends within seconds and some hundred megabytes; no document of the kinds
 * read here that people made by hand comes near.
 */
export const LIMITS = {
  /** A file that has to be in memory as a whole. */
  fileBytes: 256 * 2 ** 20,
  /** As much of a text file as is looked at: more than any language model takes. */
  textBytes: 32 * 2 ** 20,
  /** Everything that is unpacked from one file. */
  inflatedBytes: 2 ** 30,
  /** One part that is unpacked at once, such as a slide or the styles. */
  partBytes: 64 * 2 ** 20,
  entries: 20_000,
  depth: 256,
  /** Elements of one paragraph, table, slide or row. */
  elements: 500_000,
  /** Text of one document. */
  textChars: 8_000_000,
  pictureBytes: 20 * 2 ** 20,
  pictures: 200,
  /** Time a document may take in the process that takes it apart. */
  readMs: 90_000,
} as const;
