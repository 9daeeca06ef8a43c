import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { arpabetToKokoro } from './arpabet.ts';
import { createGru } from './gru.ts';
import { loadLettersToArpabet } from './model.ts';
import { parseNpy } from './npz.ts';

/** An .npy file of version 1 with the given header and values. */
function npy(header: string, values: readonly number[]): Buffer {
  const text = header.padEnd(117, ' ').concat('\n');
  const head = Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([text.length, 0]),
    Buffer.from(text),
  ]);
  return Buffer.concat([head, Buffer.from(new Float32Array(values).buffer)]);
}

describe('npy', () => {
  it('reads shape and values', () => {
    const tensor = parseNpy(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", [1, 2, 3, 4, 5, 6]));
    expect(tensor.shape).toEqual([2, 3]);
    expect(Array.from(tensor.data)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('refuses other types, orders, and cut files', () => {
    expect(() => parseNpy(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", [1]))).toThrow(/float32/);
    expect(() => parseNpy(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", [1]))).toThrow(/C order/);
    expect(() => parseNpy(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (9,), }", [1]))).toThrow(/cut short/);
    expect(() => parseNpy(Buffer.from('PK not numpy'))).toThrow(/not an .npy/);
  });

  it('names the remedy when the model is missing or broken', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'g2p-'));
    await expect(loadLettersToArpabet(folder)).rejects.toMatchObject({ code: 'speak.pronunciation-data-broken' });
    await writeFile(join(folder, 'checkpoint20.npz'), 'no zip');
    await expect(loadLettersToArpabet(folder)).rejects.toMatchObject({ code: 'speak.pronunciation-data-broken' });
  });
});

it('steps a unit worked out by hand', () => {
  const tensor = (shape: number[], ...data: number[]) => ({ shape, data: new Float32Array(data) });
  const step = createGru({
    embedding: tensor([2, 1], 0, 1),
    wIh: tensor([3, 1], 1, 2, 3),
    wHh: tensor([3, 1], 0.5, 0.25, 1),
    bIh: tensor([3], 0, 0, 0),
    bHh: tensor([3], 0, 0, 1),
  });
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const [reset, update] = [sigmoid(1 + 0.5 * 0.5), sigmoid(2 + 0.25 * 0.5)];
  const fresh = Math.tanh(3 + reset * 1.5);
  expect(step(1, new Float32Array([0.5]))[0]).toBeCloseTo((1 - update) * fresh + update * 0.5, 6);
});

describe('ARPAbet in Kokoro’s symbols', () => {
  it.each([
    ['K AE1 T', 'kˈæt', 'kˈat'],
    ['B AA1 T AH0 L', 'bˈɑɾᵊl', 'bˈɒtᵊl'],
    ['CH ER1 CH', 'ʧˈɜɹʧ', 'ʧˈɜːʧ'],
    ['T IY1 CH ER0', 'tˈiʧəɹ', 'tˈiːʧə'],
    ['HH OW1 P', 'hˈOp', 'hˈQp'],
    ['JH OY1 S AH0 Z', 'ʤˈYsᵻz', 'ʤˈYsəz'],
    ['S T AA1 R', 'stˈɑɹ', 'stˈɑː'],
    ['M EH1 R IY0', 'mˈɛɹi', 'mˈɛɹi'],
    ['AE2 K SH AH0 N', 'ˌækʃᵊn', 'ˌakʃən'],
  ])('%s', (phones, american, british) => {
    expect(arpabetToKokoro(phones.split(' '), 'us')).toBe(american);
    expect(arpabetToKokoro(phones.split(' '), 'gb')).toBe(british);
  });
});
