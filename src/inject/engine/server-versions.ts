/** A build of vLLM that somebody can break with vectors, and how. */
interface UnsafeVersions {
  readonly from: readonly [number, number, number];
  readonly before: readonly [number, number, number];
  readonly why: string;
  /** Only these models. */
  readonly models?: RegExp;
}

/**
 * Sources: GHSA-mrw7-hf4f-83pf and GHSA-mcmc-2m55-j8jj (PYSEC-2026-250); GHSA-pr7f-p5mw-fc87; PYSEC-2026-2303. All read on
 * 2026-11-27. What pull request 54632 mends (1.5 KB that become 4 TiB) has no version in any advisory and is not here.
 */
const VLLM: readonly UnsafeVersions[] = [
  {
    from: [0, 10, 2],
    before: [0, 13, 0],
    why: 'a crafted tensor corrupts its memory (CVE-2025-62164, CVE-2026-56340)',
  },
  {
    from: [0, 20, 2],
    before: [0, 26, 0],
    why: 'crafted tensors that come at once corrupt its memory (CVE-2026-73557)',
  },
  {
    from: [0, 12, 0],
    before: [0, 24, 0],
    why: 'a prompt of vectors ends the whole server for models with M-RoPE (PYSEC-2026-2303)',
    // Families whose text positions have several streams: Qwen2-VL and later, Qwen-Omni, GLM-4V.
    models: /qwen.*(?:vl|omni)|glm-?4(?:\.\d+)?v/i,
  },
];

/** Why vectors must not be sent to vLLM of this version, or `null`. A version that nobody can read is taken for safe. */
export function unsafeVllm(version: string, model: string): string | null {
  const [, ...numbers] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  if (numbers.length < 3) return null;
  const is = numbers.map(Number);
  const found = VLLM.find(
    ({ from, before, models }) =>
      compare(is, from) >= 0 && compare(is, before) < 0 && (models === undefined || models.test(model)),
  );
  return found?.why ?? null;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
