import type { Media, MediaKind, MediaPart } from '#contract/media.ts';

/** A media part out of bytes, given out in pieces of a length, that counts how often and how far it was read. */
export interface CountedPart extends MediaPart {
  readonly read: { opened: number; bytes: number };
}

export function mediaPart(
  kind: MediaKind,
  mimeType: string,
  bytes: Uint8Array,
  options: { readonly pieceBytes?: number; readonly claimedBytes?: number } = {},
): CountedPart {
  const { pieceBytes = 64 * 1024, claimedBytes = bytes.length } = options;
  const read = { opened: 0, bytes: 0 };
  const media: Media = {
    part: 'part-1',
    kind,
    name: 'thing',
    source: 'file',
    mimeType,
    sizeBytes: claimedBytes,
    sha256: '0'.repeat(64),
  };
  return {
    media,
    read,
    bytes: async () => bytes,
    async *stream() {
      read.opened++;
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        const piece = bytes.subarray(at, at + pieceBytes);
        read.bytes += piece.length;
        yield piece;
      }
    },
    close: async () => {},
  };
}
