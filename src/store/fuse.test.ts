import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MediaKind } from '#contract/media.ts';
import type { StoredItem } from '#contract/vector-store.ts';
import { fuseRankings } from './fuse.ts';

function item(id: string, modality: MediaKind = 'text', surrogate = id): StoredItem {
  const times = { fromMs: null, toMs: null };
  return { id, tenant: 't', store: 's', file: id, modality, sha256: '', surrogate, ...times, attributes: {} };
}
const ranking = (space: string, ...ids: readonly (string | StoredItem)[]) => ({
  space,
  hits: ids.map((id, at) => ({ item: typeof id === 'string' ? item(id) : id, similarity: 0.9 - at / 10 })),
});
const keyOf = ({ file }: StoredItem) => file;
const idsOf = (fused: ReturnType<typeof fuseRankings>) => fused.map((one) => one.item.id);

describe('fusing rankings', () => {
  it('puts what two spaces found before what one found better', () => {
    const fused = fuseRankings([ranking('words', 'a', 'b'), ranking('pictures', 'c', 'b')], { limit: 3, keyOf });
    expect(idsOf(fused)).toEqual(['b', 'a', 'c']);
    expect(fused[0]?.fusion).toBeCloseTo(2 / 62, 12);
    expect(fused[0]?.places).toEqual([
      { space: 'words', rank: 2, similarity: 0.8 },
      { space: 'pictures', rank: 2, similarity: 0.8 },
    ]);
  });

  it('never compares similarities of two spaces: only ranks count', () => {
    const low = { space: 'pictures', hits: [{ item: item('low'), similarity: 0.05 }] };
    const high = {
      space: 'words',
      hits: [
        { item: item('x'), similarity: 0.99 },
        { item: item('high'), similarity: 0.98 },
      ],
    };
    expect(idsOf(fuseRankings([high, low], { limit: 3, keyOf }))).toEqual(['low', 'x', 'high']);
  });

  it('lets several pieces of one thing vote once, by the best of them', () => {
    const pieces = ranking('words', { ...item('one'), file: 'f' }, { ...item('two'), file: 'f' }, item('other'));
    const fused = fuseRankings([pieces], { limit: 5, keyOf });
    expect(fused.map(({ places }) => places[0]?.rank)).toEqual([1, 2]);
  });

  it('keeps a modality to its quota while others would take the seats, and lets it fill what is free', () => {
    const words = ranking('words', 'a', 'b', 'c');
    const pictures = ranking('pictures', item('p', 'image'), item('q', 'image'), item('r', 'image'));
    const options = { limit: 4, keyOf, quotas: { image: 1 } };
    expect(idsOf(fuseRankings([words, pictures], options))).toEqual(['a', 'p', 'b', 'c']);
    expect(idsOf(fuseRankings([ranking('words', 'a'), pictures], options))).toEqual(['a', 'p', 'q', 'r']);
  });

  it('shows the piece that has words, whichever space found it first', () => {
    const bare = { space: 'pictures', hits: [{ item: { ...item('bare', 'image', ''), file: 'f' }, similarity: 0.3 }] };
    const told = {
      space: 'words',
      hits: [{ item: { ...item('told', 'image', 'a cat'), file: 'f' }, similarity: 0.3 }],
    };
    expect(idsOf(fuseRankings([bare, told], { limit: 1, keyOf }))).toEqual(['told']);
  });

  it('gives no more than the limit, nothing twice, in falling order, whatever comes', () => {
    const kinds: MediaKind[] = ['text', 'image', 'audio'];
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 20 });
    const property = fc.property(fc.array(ids, { maxLength: 4 }), fc.nat(12), fc.nat(5), (lists, limit, image) => {
      const made = lists.map((list, space) => ranking(`s${space}`, ...list.map((id) => item(`i${id}`, kinds[id % 3]))));
      const fused = fuseRankings(made, { limit, keyOf, quotas: { image } });
      const all = new Set(lists.flat());
      expect(fused).toHaveLength(Math.min(limit, all.size));
      expect(new Set(idsOf(fused)).size).toBe(fused.length);
      const sums = fused.map(({ fusion }) => fusion);
      expect(sums).toEqual([...sums].sort((a, b) => b - a));
      const others = [...all].filter((id) => id % 3 !== 1).length;
      const pictures = fused.filter((one) => one.item.modality === 'image').length;
      expect(pictures).toBeLessThanOrEqual(Math.max(image, limit - others));
    });
    fc.assert(property, { numRuns: 300 });
  });
});
