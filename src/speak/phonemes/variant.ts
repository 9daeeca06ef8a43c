/** American or British English. */
export type Variant = 'us' | 'gb';
