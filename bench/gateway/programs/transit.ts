const NS_PER_MS = 1e6;
const TOKEN = /T(\d+);/g;
/** Longer than any token, so that one cut in two by the network is put together again. */
const LONGEST_TOKEN_CHARS = 32;

/** Finds the tokens of the fake upstream in a stream, however it was cut or put together on the way, and how long each took. */
export class Transit {
  readonly ms: number[] = [];
  #rest = '';

  /** `arrivedNs` is the machine's monotonic clock. Answers whether the text so far ends the stream. */
  add(text: string, arrivedNs: bigint): boolean {
    const all = this.#rest + text;
    let end = 0;
    for (const match of all.matchAll(TOKEN)) {
      this.ms.push(Number(arrivedNs - BigInt(match[1] ?? 0)) / NS_PER_MS);
      end = match.index + match[0].length;
    }
    this.#rest = all.slice(Math.max(end, all.length - LONGEST_TOKEN_CHARS));
    return all.includes('data: [DONE]');
  }
}
